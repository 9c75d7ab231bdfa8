import type { ConstraintDocument } from '#engine/packs/pack-catalog.ts'

/** What goes together in this product, whatever packs there are. */
export const CORE_CONSTRAINTS: readonly ConstraintDocument[] = [
  {
    id: 'asked-twice', kind: 'discourages',
    when: [{ path: 'capabilities.confirmation', is: 'manual' }],
    then: [{ path: 'capabilities.approval.config.above', is: 'ask' }],
    because: {
      en: 'An order above the limit needs people twice: those who approve it, and one who confirms it by hand after that.',
      de: 'Ein Auftrag über dem Limit braucht zweimal Menschen: die ihn genehmigen und danach jemanden, der ihn von Hand bestätigt.',
      ar: 'الطلب الذي يتجاوز الحد يحتاج إلى الأشخاص مرتين: من يوافقون عليه، ثم من يؤكده يدويًا بعد ذلك.',
    },
  },
  {
    id: 'cases-ignored', kind: 'discourages',
    when: [],
    then: [{ path: 'publishing.casesMustPass', is: false }],
    because: {
      en: 'A change then counts even where the cases of the profile come out differently.',
      de: 'Eine Änderung gilt dann auch, wenn die Fälle des Profils anders ausgehen.',
      ar: 'عندئذٍ يسري التغيير حتى لو جاءت نتائج حالات الملف التعريفي مختلفة.',
    },
  },
]
