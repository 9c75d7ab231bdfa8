import type { Refusal } from '#engine/core/refusal.ts'

interface RefusalText {
  /** One plain sentence; `{name}` stands for a value of the refusal. */
  readonly message: string
  readonly remedy: string
}

const copyAgain = 'Copy the media again from its source. If that does not help, tell the publisher; install nothing from it.'
const tellPublisher = 'Install nothing from it. Ask the publisher where it came from and for media that they signed themselves.'
const newer = 'Ask the publisher for media signed more recently.'
const rebuild = 'Ask the publisher for media that was made with the media tools.'

/** What a site says to media, and to whoever is asked to trust it. The texts of the console say the same in each language. */
export const SITE_REFUSALS = {
  // What the folder is.
  'KS-MEDIA-NOT-MEDIA': { message: 'There is no Keelson media here: {file} is missing.', remedy: 'Choose the folder that holds the folders "metadata" and "targets".' },
  'KS-MEDIA-UNREADABLE': { message: '{file} of the media cannot be read: {reason}.', remedy: 'Take the stick out and put it in again, or copy the media to this machine; then try again.' },
  'KS-MEDIA-LINK': { message: '{file} of the media is no ordinary file.', remedy: 'Media holds plain files only, no links. Copy it again from its source.' },
  'KS-MEDIA-TOO-LARGE': { message: '{file} of the media is larger than the {limit} bytes it may have.', remedy: copyAgain },
  'KS-MEDIA-FILE-MISSING': { message: '{file} is missing from the media.', remedy: copyAgain },
  'KS-MEDIA-METADATA': { message: '{file} of the media is not valid: {reason}.', remedy: copyAgain },
  'KS-MEDIA-FORM': { message: '{file} of the media was changed after it was written.', remedy: copyAgain },
  'KS-MEDIA-FILE-MODIFIED': { message: '{file} of the media is not the file that was signed.', remedy: copyAgain },

  // Who signed it.
  'KS-MEDIA-UNSIGNED': { message: '{file} of the media carries no signature.', remedy: tellPublisher },
  'KS-MEDIA-SIGNATURE-INVALID': { message: 'A signature of {file} does not fit its content.', remedy: tellPublisher },
  'KS-MEDIA-SIGNATURE-DUPLICATE': { message: '{file} of the media carries two signatures of one key.', remedy: tellPublisher },
  'KS-MEDIA-SIGNER-UNKNOWN': { message: '{file} of the media is signed with a key that may not sign it.', remedy: tellPublisher },
  'KS-MEDIA-KEY-REVOKED': { message: '{file} of the media is signed with a key that its owner has withdrawn.', remedy: tellPublisher },
  'KS-MEDIA-THRESHOLD': { message: '{file} of the media needs {needed} signatures and has {found}.', remedy: 'Ask the publisher to have the media signed by everybody whose signature it needs.' },
  'KS-MEDIA-DELEGATION': { message: '{file} hands on the right to sign in a way that media may not: {reason}.', remedy: rebuild },

  // How old it is.
  'KS-MEDIA-ROLLBACK': { message: '{file} of the media is version {version}; this site has seen version {known} already.', remedy: `This media is older than what was here before. ${newer}` },
  'KS-MEDIA-FORK': { message: 'This media and one that was here before are both version {version}, and differ.', remedy: tellPublisher },
  'KS-MEDIA-MIXED': { message: '{file} of the media is version {version}, but version {expected} belongs here: files of different media were mixed.', remedy: copyAgain },
  'KS-MEDIA-ROOT-VERSION': { message: '{file} of the media says that it is version {version}.', remedy: tellPublisher },
  'KS-MEDIA-ROOT-FOREIGN': { message: '{file} of the media is not the root that this site trusts under this name.', remedy: tellPublisher },
  'KS-MEDIA-ROOT-ROTATIONS': { message: 'The keys of the media were changed more than {limit} times.', remedy: 'Ask the publisher to begin new media, and trust that by its fingerprint.' },
  'KS-MEDIA-EXPIRED': { message: '{file} of the media expired on {expiresAt}; it is {time}.', remedy: `If that is not the time, set the clock of this machine. ${newer} Where that cannot be had, two people may accept it by name, with a reason that is recorded.` },
  'KS-MEDIA-TWO-PEOPLE': { message: 'Accepting expired media takes two different people and a reason.', remedy: 'Have a second person sign for it as well, and write down why.' },

  // The packs on it.
  'KS-MEDIA-PACK-UNKNOWN': { message: 'The media has no pack {pack}.', remedy: 'Choose one of the packs that the media lists; where two publishers have it, write PUBLISHER/ID@VERSION.' },
  'KS-MEDIA-PACK-MISSING': { message: 'The file of pack {pack} is missing from the media.', remedy: copyAgain },
  'KS-MEDIA-PACK-LENGTH': { message: 'The file of pack {pack} has {found} bytes; {expected} were signed.', remedy: copyAgain },
  'KS-MEDIA-PACK-HASH': { message: 'The file of pack {pack} is not the one that was signed.', remedy: copyAgain },
  'KS-MEDIA-PACK-MISLABELLED': { message: 'The media lists {pack}, but the file is {found}.', remedy: tellPublisher },
  'KS-MEDIA-PACK-REVOKED': { message: 'The publisher has withdrawn pack {pack}: {reason}.', remedy: 'Install another version.' },

  // Whom this site trusts.
  'KS-TRUST-UNKNOWN-ROOT': { message: 'Nobody has said yet that this site trusts this media. Its fingerprint is {fingerprint}.', remedy: 'Compare the fingerprint with the one that the publisher gives you by another way, then trust it for the publishers that it may speak for.' },
  'KS-TRUST-FINGERPRINT': { message: 'The fingerprint of the media is {found}, not {given}.', remedy: 'Compare it again, character by character. If it stays different, do not trust this media and tell the publisher.' },
  'KS-TRUST-ROOT': { message: 'These are no keys to trust: {reason}.', remedy: rebuild },
  'KS-TRUST-ROOT-KNOWN': { message: 'This site trusts this media already, for {nameSpace}.', remedy: 'Nothing is left to do. To let it speak for others as well, trust it again and name them.' },
  'KS-TRUST-NAMESPACE': { message: 'Pack {pack} is none of those that its signer may speak for: {nameSpace}.', remedy: 'Ask the publisher for media that they signed themselves, or for a pack under a name of their own.' },
  'KS-TRUST-NAMESPACE-FORM': { message: '"{nameSpace}" names no publishers and packs.', remedy: 'Write PUBLISHER/PACK, each with a * at its end for all that begin so, e.g. harbour/* or harbour-*/*.' },
  'KS-TRUST-NAMESPACE-TAKEN': { message: '{nameSpace} overlaps {taken}, for which others speak already.', remedy: 'Name only publishers that are this publisher\'s own.' },
} as const satisfies Readonly<Record<`KS-${string}`, RefusalText>>

/** What whoever makes media meets on the command line. */
const MAKING_REFUSALS = {
  'KS-MEDIA-EXISTS': { message: '{folder} holds media already.', remedy: 'Choose an empty folder, or add packs to this media with "keelson media add".' },
  'KS-MEDIA-BUSY': { message: 'Somebody else is changing this media: {file} is there.', remedy: 'Wait until they are done. If nobody is, delete that file and try again.' },
  'KS-MEDIA-KEYS-ON-MEDIA': { message: 'The folder of keys {folder} lies on the media.', remedy: 'Keep private keys off the stick: name a folder elsewhere with --keys.' },
  'KS-MEDIA-KEY-FOLDER': { message: 'There is no folder of keys {folder}.', remedy: 'Name the folder that holds the keys with --keys.' },
  'KS-MEDIA-KEY-FILE': { message: '{file} holds no Ed25519 key that can be used: {reason}.', remedy: 'Name a PEM file made by "keelson media", or by openssl genpkey -algorithm ed25519.' },
  'KS-MEDIA-KEY-PLAIN': { message: '{file} holds a private key that no passphrase protects.', remedy: 'Encrypt it, e.g. with openssl pkcs8 -topk8 -v2 aes-256-cbc, and delete the plain one.' },
  'KS-MEDIA-PASSPHRASE': { message: 'The keys in {folder} need a passphrase.', remedy: 'Set KEELSON_KEY_PASSPHRASE, or run this in a terminal, where it is asked for.' },
  'KS-MEDIA-PASSPHRASE-WRONG': { message: 'The passphrase does not open {file}.', remedy: 'Try again with the passphrase that was given when the key was made.' },
  'KS-MEDIA-PASSPHRASE-DIFFERS': { message: 'The two passphrases differ.', remedy: 'Nothing was made. Try again.' },
  'KS-MEDIA-PASSPHRASE-SHORT': { message: 'A passphrase needs {fewest} characters or more.', remedy: 'Choose a longer one, e.g. five words.' },
  'KS-MEDIA-KEYS-MISSING': { message: '{role} needs signatures of {needed} keys; {found} of them are in the folders named.', remedy: 'Name the folders that hold the keys with --keys; it may be given several times.' },
  'KS-MEDIA-PACK-KNOWN': { message: 'The media has another pack {pack} already.', remedy: 'A published version never changes: build the pack under a new version.' },
  'KS-MEDIA-KEY-UNKNOWN': { message: 'No key of the media begins with {key}.', remedy: 'See "keelson media show" for the keys of this media.' },
  'KS-MEDIA-PUBLISHER-NAME': { message: '"{publisher}" cannot be the name of a publisher.', remedy: 'Choose another: lower case, digits and hyphens; not root, targets, snapshot or timestamp.' },
} as const satisfies Readonly<Record<`KS-${string}`, RefusalText>>

/** Every refusal of media and of trust: the list for the guide. */
export const MEDIA_REFUSALS = { ...SITE_REFUSALS, ...MAKING_REFUSALS } as const

export type MediaRefusalCode = keyof typeof MEDIA_REFUSALS

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never

/** The values that a sentence of the list has places for. */
export type ValuesOf<Code extends MediaRefusalCode> = Readonly<Record<Placeholders<(typeof MEDIA_REFUSALS)[Code]['message']>, string | number>>

/** A refusal of the list, its sentence filled with the values. */
export function mediaRefusal<Code extends MediaRefusalCode>(code: Code, values: ValuesOf<Code>): Refusal {
  const { message, remedy } = MEDIA_REFUSALS[code]
  const filled = new Map(Object.entries<string | number>(values))
  return { code, message: message.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(filled.get(name))), remedy, values }
}

export function refuseMedia<Code extends MediaRefusalCode>(code: Code, values: ValuesOf<Code>): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: mediaRefusal(code, values) }
}
