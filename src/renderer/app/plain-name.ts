/** `firstName` → `First name`: of a field for which nobody has brought a text. */
export function plainName(path: string): string {
  const name = (path.split('.').at(-1) ?? path).replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/[_-]/g, ' ').toLowerCase()
  return name.charAt(0).toUpperCase() + name.slice(1)
}
