import type { Finding, Fix, PathKey, ProfileEdit } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'

/** What each finding says, and what to do; the console says the same in three languages (locales/<language>/profile.json). */
export const FINDING_TEXTS = {
  // The text.
  'too-large': ['The profile is too large: {size} characters.', 'Keep it below {limit} characters.'],
  'syntax': ['This cannot be read: {problem}.', 'Check the indentation, the colons and the quotes around this line.'],
  'duplicate-key': ['The same key stands here twice.', 'Remove one of the two.'],
  'tab': ['A tab indents this line.', 'Use spaces; tabs mean nothing in YAML.'],
  'control-character': ['There is a character here that texts do not have: {character}.', 'Remove it, or save the file as plain text.'],
  'several-documents': ['A second document begins here.', 'Keep one profile in a file; remove the line with the three hyphens.'],
  'unknown-tag': ['A tag stands here, and tags mean nothing in a profile.', 'Remove the word with the exclamation mark.'],
  'too-deep': ['The profile goes more than {limit} levels deep.', 'Write it flatter; check for brackets that are never closed.'],
  'anchor-cycle': ['The alias {name} stands for something that it is a part of.', 'Write out what it shall stand for.'],
  'too-many-aliases': ['The profile repeats parts of itself without end.', 'Write repeated parts out instead of using aliases.'],
  'not-a-key': ['A list or a section stands here in place of a key.', 'Write a plain name before the colon.'],
  'no-number': ['{value} is no number that can be counted with.', 'Write a number, or text in quotes.'],
  'utf-16': ['The file is written in UTF-16.', 'Save it as UTF-8.'],
  'not-utf-8': ['Here the file is not written in UTF-8.', 'Save it as UTF-8, and check this line for letters that went wrong.'],
  'integration-unused': ['Nothing is delivered to {name}.', 'Add a pack that delivers there to the reactions, or remove it.'],
  'older-schema': ['The profile is written in schema 1.', 'It counts as it is; bring it up to date before you change it.'],
  'short-form': ['This describes a customer in short; it is no profile yet.', 'Make it a profile, and complete what is missing.'],
  // Keys and values.
  'missing-key': ['{key} is missing.', 'Add {key} here{example}.'],
  'unknown-key': ['{key} is not known here.', 'Remove it; known here are {known}.'],
  'misspelt-key': ['{key} is not known here.', 'Did you mean {meant}?'],
  'no-keys-here': ['{key} is not known here.', 'Remove it.'],
  'not-text': ['{key} must be text.', 'Write it as text, in quotes where it looks like a number.'],
  'number-not-text': ['{key} must be text.', 'Put it in quotes: "{value}".'],
  'not-a-list': ['{key} must be a list.', 'Write each entry on a line of its own that begins with a hyphen.'],
  'not-a-section': ['{key} must be a section with keys.', 'Write its keys below it, each on a line of its own.'],
  'wrong-type': ['{key} must be of type {type}.', 'Correct the value.'],
  'not-it': ['{key} must be {value}.', 'Write {value}.'],
  'not-one-of': ['{key} must be one of {allowed}.', 'Use one of these.'],
  'misspelt-value': ['{key} must be one of {allowed}.', 'Did you mean {meant}?'],
  'empty': ['{key} is not filled in.', 'Fill it in.'],
  'empty-means': ['{key} is not filled in.', 'It means: {means}.'],
  'no-entries': ['{key} has no entry yet.', 'Add one.'],
  'same-entries': ['{key} has the same entry twice.', 'Remove one of the two.'],
  'too-low': ['{key} must be at least {limit}.', 'Write {limit} or more.'],
  'too-high': ['{key} may be at most {limit}.', 'Write {limit} or less.'],
  'too-few-entries': ['{key} needs at least {limit} of them.', 'Add what is missing.'],
  'too-many-entries': ['{key} may have at most {limit} of them.', 'Remove some.'],
  'too-short': ['{key} is too short.', 'Write at least {limit} characters.'],
  'too-long': ['{key} is too long.', 'Keep it to {limit} characters.'],
  'wrong-form': ['{key} does not have the form that is expected.', 'Correct the value.'],
  'wrong-form-means': ['{key} does not have the form that is expected.', 'It means: {means}.'],
  'not-kebab-case': ['{key} must be kebab-case, such as tiered-pricing.', 'Use small letters, digits and hyphens, and begin with a letter.'],
  'not-a-node-path': ['{key} must be a path such as /harbour/hull.', 'Use small letters, digits and hyphens after each slash.'],
  'not-a-range': ['{key} must be a range of versions such as ^1.0.0.', 'Write ^1.0.0 for 1.0.0 and everything after it that stays compatible.'],
  'not-a-colour': ["{key} must be a colour such as '#0b7285'.", 'Write # and six digits from 0 to f, in quotes.'],
  'not-a-logo': ['{key} must be a picture as a data: address.', 'Take an SVG or PNG of at most 48 kB.'],
  'not-a-text-key': ['{key} is no key of a text.', 'Write the area, a colon and the key, such as orders:column.account.'],
  'not-a-folder': ['{key} must be a folder name such as outbox, below the folder of the tenant.', 'Use letters, digits, hyphens and slashes; nothing that climbs out.'],
  'not-an-address': ['{key} must be an http or https address.', 'Write the whole address, such as https://example.org/orders.'],
  'not-a-secret': ['{key} must be a Standard Webhooks secret: whsec_ and 24 to 64 bytes in base64.', 'Take the secret that the receiver shows.'],
  'not-a-permission': ['{key} must be the id of a pack, a point and a name, such as customers.edit.', 'Write all three.'],
  'not-an-attribute': ['{key} must be the id of a pack, a point and a name, such as loyalty.campaign.', 'Write all three.'],
  'not-an-entitlement': ['{key} must be a name such as loyalty.basic.', 'Use small letters, digits, points and hyphens.'],
  // Who answers.
  'names-nobody': ['{key} must name a pack.', 'Write pack: and the id of a pack, and version: with the versions that it takes.'],
  'names-nobody-default': ['{key} must name a pack, or default: {defaults}.', 'Write one of the two.'],
  'names-both': ['{key} names a pack and a default.', 'Keep one of them.'],
  'no-version': ['{key} must say which versions of {pack} it takes.', 'Add version: ^1.0.0 or another range.'],
  'default-with-config': ['{key}: a default has neither version nor config.', 'Remove them.'],
  'no-default-here': ['There is no default here.', 'Name a pack instead.'],
  'twice': ['{value} is there twice.', 'Remove one of the two.'],
  // Organisation and accounts.
  'second-root': ['A profile has one root, which is {root}.', 'Put {value} below {root}.'],
  'parent-missing': ['The parent {parent} of {value} must stand before it.', 'Add {parent} above this line, or move it there.'],
  'no-such-node': ['The organisation has no node {value}.', 'Add it to the organisation, or name one that is there.'],
  'misspelt-node': ['The organisation has no node {value}.', 'Did you mean {meant}?'],
  // Look.
  'module-not-enabled': ['The console cannot show {name}: the profile does not enable {pack}.', 'Enable {pack}, or remove {name}.'],
  'approvals-not-enabled': ['The menu lists approvals, though this profile asks nobody to approve anything.', 'Remove the entry, or name a pack for approval.'],
  'approvals-not-listed': ['This profile has people approve orders, and its menu leaves approvals out.', 'List approvals, so that they find what waits for them.'],
  'no-such-text': ['There is no text {key}, so these words would never be seen.', 'Remove them.'],
  'misspelt-text': ['There is no text {key}.', 'Did you mean {meant}?'],
  'text-unreadable': ['The words for {key} cannot be shown: their braces do not match.', 'Close every brace that is opened.'],
  'text-takes-no-values': ['{key} takes no values, so {name} in braces would stand there as it is.', 'Write it without braces.'],
  'text-value-unknown': ['{key} has no value {name}.', 'It has {known}.'],
  'nothing-brings': ['Nothing in this profile brings {name}.', 'Remove it; there are {known}.'],
  'nothing-brings-misspelt': ['Nothing in this profile brings {name}.', 'Did you mean {meant}?'],
  // Packs.
  'pack-missing': ['The pack {pack} is not on this site.', 'Install {pack}.'],
  'pack-missing-others': ['The pack {pack} is not on this site.', 'Install {pack}, or take one of these: {others}.'],
  'pack-misspelt': ['The pack {pack} is not on this site.', 'Did you mean {meant}? Otherwise install {pack}.'],
  'version-missing': ['No version of {pack} on this site is {version}.', 'Install one, or take one that is there: {there}.'],
  'engine-too-old': ['No version {version} of {pack} on this site runs on engine {engine}.', 'Install a version of {pack} for this engine.'],
  'wrong-contract': ['{pack} is no {contract}: it implements {implemented}.', 'Name a pack for {capability}.'],
  'brings-nothing': ['{pack} brings nothing of its own: it implements {implemented}.', 'Name {pack} where its contract is asked for.'],
  'contract-unknown': ['{pack} {version} implements {implemented}, which this engine does not know.', 'Install a version of {pack} for this engine, or update Keelson.'],
  'contract-goes': ['{pack} is written against {contract} {version}, which goes with release {release}.', 'Ask its publisher for a version on the current contract before that.'],
  'contract-deprecated': ['{pack} is written against {contract} {version}, which is deprecated.', 'Ask its publisher for a version on the current contract.'],
  'two-versions': ['{pack} would run in two versions, {one} and {other}.', 'Name the same versions wherever the profile names the pack.'],
  'config-missing-key': ['{key} is missing.', 'Add {key} to {where}.'],
  'configs-differ': ['{pack} takes different configs for its contracts {contracts}, and a profile gives it one for all.', 'Write a config that all of them take; else ask the publisher for a version whose contracts take the same.'],
  'config-wrong': ['{key} {problem}.', 'Correct the value.'],
  'config-wrong-means': ['{key} {problem}.', 'It means: {means}.'],
  'name-not-allowed': ['{name} may not be a name in {key}.', 'Correct the name.'],
  'pack-needs': ['{pack} needs {needed} {version}, which the profile does not enable.', 'Add {needed} to the modules under capabilities.'],
  'pack-needs-version': ['{pack} needs {needed} {version}, and the profile enables {there}.', 'Take a version of {needed} that {pack} can work with, or another version of {pack}.'],
  'pack-reads': ['{pack} reads {type} of {needed}, which the profile does not enable.', 'Add {needed} to the modules under capabilities.'],
  'pack-reads-nothing': ['{pack} reads {type}, which {needed} {there} does not emit.', 'Take a version of {needed} that makes it public.'],
  'pack-reads-private': ['{pack} reads {type}, which {needed} {there} keeps to itself.', 'Take a version of {needed} that makes it public.'],
  'entitlement-missing': ['{pack} needs the entitlement {entitlement}, which the profile does not carry.', 'Add {entitlement} to entitlements.'],
  'no-such-permission': ['No pack of the profile defines the permission {name}.', 'Remove it; there are {known}.'],
  'misspelt-permission': ['No pack of the profile defines the permission {name}.', 'Did you mean {meant}?'],
  'no-permissions': ['No pack of the profile defines the permission {name}.', 'Remove it.'],
  'no-such-attribute': ['No pack of the profile adds {name} to orders or lines.', 'Remove it; there are {known}.'],
  'misspelt-attribute': ['No pack of the profile adds {name} to orders or lines.', 'Did you mean {meant}?'],
  'no-attributes': ['No pack of the profile adds {name} to orders or lines.', 'Remove it.'],
  'no-such-role': ['There is no role {name}.', 'There are {known}.'],
  'misspelt-role': ['There is no role {name}.', 'Did you mean {meant}?'],
  'stage-without-people': ['Nobody here has the role {role}, which stage “{stage}” asks for.', 'Add such a person under Settings, Users.'],
  'stage-short-of-people': ['Stage “{stage}” needs {quorum} people with the role {role}, and this site has {there}.', 'Add people under Settings, Users, or ask fewer of them.'],
  'stage-short-of-others': ['Whoever decides stage “{stage}” decides none before it: of the people here with the role {role}, {left} would be left, and it needs {quorum}.', 'Add people under Settings, Users, or ask less of the stage.'],
  'no-such-integration': ['The profile has no integration {name}.', 'Add {name} to integrations.'],
  'misspelt-integration': ['The profile has no integration {name}.', 'Did you mean {meant}?'],
  'no-such-branch': ['The organisation has no branch {name}.', 'There are {known}.'],
  'misspelt-branch': ['The organisation has no branch {name}.', 'Did you mean {meant}?'],
  'integration-of-other-kind': ['The integration {name} is a {kind}.', 'Write kind: {kind}.'],
  // What goes together.
  'broken-requires': ['{because}', 'Change one of the two, so that {constraint} holds.'],
  'broken-conflicts': ['{because}', 'Keep one of the two: {constraint} forbids both.'],
  'broken-recommends': ['{because}', 'Follow it where you can ({constraint}); the profile can be published as it is.'],
  'broken-discourages': ['{because}', 'Look whether you mean it ({constraint}); the profile can be published as it is.'],
} as const satisfies Readonly<Record<string, readonly [message: string, fix: string]>>

export type FindingCode = keyof typeof FINDING_TEXTS

/** What each one-click fix is called. */
export const FIX_TEXTS = {
  'migrate': 'Write it as a profile of today',
  'rename': 'Rename {key} to {meant}',
  'remove': 'Remove {key}',
  'set': 'Write {value}',
  'add': 'Add {key}',
  'quote': 'Put it in quotes: "{value}"',
  'set-value': 'Set {path} to {value}',
  'add-value': 'Add {value} to {path}',
  'change-version': 'Take {version} of {pack}',
  'add-pack': 'Add {title} {version}',
  'use-pack': 'Let {title} {version} answer for {section}, instead of {before}',
  'use-default': 'Let the product answer for {section}: {default}',
  'take-value': 'Take {value} out of {path}',
  'remove-value': 'Remove {path}',
  'remove-pack': 'Take {pack} out',
  'steps': '{first}; {second}',
} as const satisfies Readonly<Record<string, string>>

type Values = Readonly<Record<string, string | number>>

/** A finding that is known by its code, without its place. */
export interface Saying {
  readonly code: FindingCode
  readonly values: Values
  readonly fixes?: readonly Fix[]
}

export function saying(code: FindingCode, values: Values = {}, fixes: readonly Fix[] = []): Saying {
  return { code, values, fixes }
}

/** The English sentences of a saying. */
export function englishOf({ code, values }: Saying): { readonly message: string; readonly fix: string } {
  const [message, fix] = FINDING_TEXTS[code]
  return { message: filled(message, values), fix: filled(fix, values) }
}

export function fixOf(code: keyof typeof FIX_TEXTS, values: Values, ...edits: ProfileEdit[]): Fix {
  return { label: filled(FIX_TEXTS[code], values), code, values, edits }
}

/** A finding about the value at a path, or about the key itself. */
export function findingAt(source: ProfileSource, at: readonly PathKey[], said: Saying, about: 'value' | 'key' = 'value'): Finding {
  const last = at.at(-1)
  const position = about === 'key' && last !== undefined ? source.keyPosition(at.slice(0, -1), String(last)) : source.position(at)
  return { severity: 'error', code: said.code, values: said.values, ...position, path: at.join('.'), at, ...englishOf(said), fixes: said.fixes ?? [] }
}

function filled(text: string, values: Values): string {
  return text.replaceAll(/\{([a-zA-Z]+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
