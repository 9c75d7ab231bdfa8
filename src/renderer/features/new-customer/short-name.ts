/** A tenant's short name made of a title: `Müller & Söhne GmbH` → `muller-sohne-gmbh`. Empty where no letter of it can stand in one. */
export function shortName(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replaceAll(/\p{M}+/gu, '').replaceAll('ß', 'ss').replaceAll(/[^a-z0-9]+/g, '-')
  return plain.replace(/^[^a-z]+/, '').slice(0, 40).replace(/-+$/, '')
}
