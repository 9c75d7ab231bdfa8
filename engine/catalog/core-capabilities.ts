import type { ContractName } from '#engine/contracts/v1/index.ts'
import type { Condition, Words, Zone } from '#engine/packs/pack-catalog.ts'

/** Something that the product does by itself, or has a place for. */
export interface CoreCapability {
  readonly id: string
  readonly zone: Zone
  /** `core`: the same for every customer; `partial`: the core's, with a setting in the profile; `variable`: packs answer. */
  readonly status: 'core' | 'partial' | 'variable'
  readonly title: Words
  readonly documentation: Words
  /** Version of the product that had it first. */
  readonly since: string
  readonly stability?: 'proposed'
  readonly contract?: ContractName | 'workflow' | 'integration-adapter' | 'automation'
  /** When a profile uses it; every one does where that is not said. */
  readonly usedWhen?: readonly Condition[]
  /** Places in the profile whose values say how it is used. */
  readonly options?: readonly string[]
}

/** What the product can do without any pack, in the order of the zones. */
export const CORE_CAPABILITIES: readonly CoreCapability[] = [
  {
    id: 'orders', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'Orders and their states', de: 'Aufträge und ihre Zustände', ar: 'الطلبات وحالاتها' },
    documentation: { en: 'From draft to closed; every change raises the revision, and the database itself refuses a step that may not be.', de: 'Vom Entwurf bis zum Abschluss; jede Änderung erhöht die Revision, und die Datenbank selbst verweigert unerlaubte Schritte.', ar: 'من المسودة إلى الإغلاق؛ كل تغيير يرفع رقم المراجعة، وقاعدة البيانات نفسها ترفض الخطوة غير الجائزة.' },
  },
  {
    id: 'event-log', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'Log of all that happened', de: 'Protokoll von allem Geschehenen', ar: 'سجل كل ما حدث' },
    documentation: { en: 'Append-only, with a hash chain; everything else can be rebuilt from it.', de: 'Nur anfügend, mit Hashkette; alles andere lässt sich daraus neu aufbauen.', ar: 'يُضاف إليه فقط، بسلسلة تجزئة؛ ويمكن إعادة بناء كل ما سواه منه.' },
  },
  {
    id: 'decisions', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'Decisions with receipts', de: 'Entscheidungen mit Belegen', ar: 'قرارات بإيصالات' },
    documentation: { en: 'Each names what made it, explains itself, and can be executed again to the same result.', de: 'Jede nennt, was sie getroffen hat, erklärt sich und lässt sich mit demselben Ergebnis erneut ausführen.', ar: 'كل قرار يسمّي ما اتخذه ويشرح نفسه ويمكن تنفيذه من جديد بالنتيجة نفسها.' },
  },
  {
    id: 'accounts', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'Accounts and organisation', de: 'Konten und Organisation', ar: 'الحسابات والمؤسسة' },
    documentation: { en: 'Parties that orders come from, and the tree of places that they belong to.', de: 'Parteien, von denen Aufträge kommen, und der Baum der Stellen, zu denen sie gehören.', ar: 'الأطراف التي تأتي منها الطلبات، وشجرة المواضع التي تنتمي إليها.' },
  },
  {
    id: 'failures', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'Parked failures', de: 'Zurückgestellte Fehler', ar: 'الأعطال المركونة' },
    documentation: { en: 'What fails for good waits for a person, with the reason, to be corrected and tried again.', de: 'Was endgültig scheitert, wartet mit seinem Grund auf eine Person, die es berichtigt und erneut versucht.', ar: 'ما يفشل نهائيًا ينتظر شخصًا مع السبب، ليُصحَّح ويُعاد.' },
  },
  {
    id: 'personal-data', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'Sealed personal data', de: 'Versiegelte persönliche Daten', ar: 'بيانات شخصية مختومة' },
    documentation: { en: 'Personal fields are encrypted in the log from the first event on.', de: 'Persönliche Felder sind im Protokoll vom ersten Ereignis an verschlüsselt.', ar: 'الحقول الشخصية مشفرة في السجل منذ أول حدث.' },
  },
  {
    id: 'access', zone: 'core', status: 'partial', since: '0.1.0', options: ['permissions'],
    title: { en: 'Users, roles and permissions', de: 'Benutzer, Rollen und Rechte', ar: 'المستخدمون والأدوار والصلاحيات' },
    documentation: { en: 'The roles are the core’s; which of them have the permissions that packs define, the profile says.', de: 'Die Rollen gehören zum Kern; welche davon die Rechte von Paketen haben, sagt das Profil.', ar: 'الأدوار من النواة؛ أما من يملك الصلاحيات التي تعرّفها الحزم فيحدده الملف التعريفي.' },
  },
  {
    id: 'packs', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'Packs from signed media', de: 'Pakete von signierten Medien', ar: 'حزم من وسائط موقّعة' },
    documentation: { en: 'Verified, tried on every profile’s cases, installed all or nothing, taken back, removed.', de: 'Geprüft, an den Fällen jedes Profils erprobt, ganz oder gar nicht installiert, zurückgenommen, entfernt.', ar: 'يُتحقق منها وتُجرَّب على حالات كل ملف تعريفي، وتُثبَّت كلها أو لا شيء، ويمكن التراجع عنها وإزالتها.' },
  },
  {
    id: 'impact', zone: 'core', status: 'core', since: '0.1.0',
    title: { en: 'What would change', de: 'Was sich ändern würde', ar: 'ما الذي سيتغير' },
    documentation: { en: 'Past orders are decided again by a candidate, and every difference is shown before it counts.', de: 'Frühere Aufträge werden mit einem Kandidaten erneut entschieden; jeder Unterschied ist zu sehen, bevor er gilt.', ar: 'تُتخذ قرارات الطلبات السابقة من جديد بالمرشّح، ويظهر كل فرق قبل أن يسري.' },
  },
  {
    id: 'validation', zone: 'rules', status: 'variable', since: '0.1.0', contract: 'validation-rule', options: ['capabilities.validation'],
    title: { en: 'Checks before an order is priced', de: 'Prüfungen vor der Preisfindung', ar: 'فحوص قبل تسعير الطلب' },
    documentation: { en: 'An error holds the order until a person amends, rejects or cancels it.', de: 'Ein Fehler hält den Auftrag an, bis eine Person ihn ändert, ablehnt oder storniert.', ar: 'الخطأ يوقف الطلب حتى يعدّله شخص أو يرفضه أو يلغيه.' },
  },
  {
    id: 'accept-all', zone: 'rules', status: 'variable', since: '0.1.0', usedWhen: [{ path: 'capabilities.validation.0.default', is: 'accept-all' }],
    title: { en: 'No checks', de: 'Keine Prüfungen', ar: 'بلا فحوص' },
    documentation: { en: 'The product lets every order pass to pricing, where the profile says so.', de: 'Das Produkt lässt jeden Auftrag zur Preisfindung durch, wo das Profil es sagt.', ar: 'يمرر المنتج كل طلب إلى التسعير حيث يقول الملف التعريفي ذلك.' },
  },
  {
    id: 'pricing', zone: 'rules', status: 'variable', since: '0.1.0', contract: 'pricing-policy', options: ['capabilities.pricing.pack'],
    title: { en: 'The price of an order', de: 'Der Preis eines Auftrags', ar: 'سعر الطلب' },
    documentation: { en: 'One pack answers: line amounts, discounts, taxes and totals, explained step by step.', de: 'Ein Paket antwortet: Positionsbeträge, Rabatte, Steuern und Summen, Schritt für Schritt erklärt.', ar: 'تجيب حزمة واحدة: مبالغ البنود والخصومات والضرائب والإجماليات مشروحة خطوة خطوة.' },
  },
  {
    id: 'approval', zone: 'rules', status: 'variable', since: '0.1.0', contract: 'approval-policy', options: ['capabilities.approval.pack', 'capabilities.approval.default'],
    title: { en: 'Who has to approve an order', de: 'Wer einen Auftrag genehmigen muss', ar: 'من يجب أن يوافق على الطلب' },
    documentation: { en: 'One pack answers: approved, rejected, or who is asked, in which stages.', de: 'Ein Paket antwortet: genehmigt, abgelehnt oder wer in welchen Stufen gefragt wird.', ar: 'تجيب حزمة واحدة: موافقة أو رفض أو من يُسأل وبأي مراحل.' },
  },
  {
    id: 'always-approve', zone: 'rules', status: 'variable', since: '0.1.0', usedWhen: [{ path: 'capabilities.approval.default', is: 'always-approve' }],
    title: { en: 'Every order approved', de: 'Jeder Auftrag genehmigt', ar: 'الموافقة على كل طلب' },
    documentation: { en: 'The product approves every order, where the profile says so.', de: 'Das Produkt genehmigt jeden Auftrag, wo das Profil es sagt.', ar: 'يوافق المنتج على كل طلب حيث يقول الملف التعريفي ذلك.' },
  },
  {
    id: 'own-constraints', zone: 'rules', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'constraints', present: true }],
    title: { en: 'Constraints of one’s own', de: 'Eigene Bedingungen', ar: 'قيود خاصة' },
    documentation: { en: 'What a customer wants to go together, and what not; checked wherever the profile is.', de: 'Was bei einem Kunden zusammengehört und was nicht; geprüft, wo immer das Profil steht.', ar: 'ما يريد العميل اجتماعه وما لا يريده؛ يُفحص حيثما كان الملف التعريفي.' },
  },
  {
    id: 'automatic-confirmation', zone: 'workflow', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'capabilities.confirmation', is: 'automatic' }],
    title: { en: 'Automatic confirmation', de: 'Automatische Bestätigung', ar: 'تأكيد تلقائي' },
    documentation: { en: 'What is approved is confirmed at once.', de: 'Was genehmigt ist, wird sofort bestätigt.', ar: 'ما تمت الموافقة عليه يُؤكَّد فورًا.' },
  },
  {
    id: 'manual-confirmation', zone: 'workflow', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'capabilities.confirmation', is: 'manual' }],
    title: { en: 'Confirmation by hand', de: 'Bestätigung von Hand', ar: 'تأكيد يدوي' },
    documentation: { en: 'What is approved waits until a person confirms it.', de: 'Was genehmigt ist, wartet, bis eine Person es bestätigt.', ar: 'ما تمت الموافقة عليه ينتظر حتى يؤكده شخص.' },
  },
  {
    id: 'second-person', zone: 'workflow', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'publishing.secondPerson', is: true }],
    title: { en: 'Profiles published by two', de: 'Profile zu zweit veröffentlichen', ar: 'نشر الملف التعريفي بشخصين' },
    documentation: { en: 'A change of the profile counts once another administrator has accepted it.', de: 'Eine Änderung des Profils gilt, sobald eine andere Administratorin sie angenommen hat.', ar: 'لا يسري تغيير الملف التعريفي إلا بعد أن يقبله مدير آخر.' },
  },
  {
    id: 'workflow-steps', zone: 'workflow', status: 'variable', since: '0.1.0', stability: 'proposed', contract: 'workflow',
    title: { en: 'Steps between the states', de: 'Schritte zwischen den Zuständen', ar: 'خطوات بين الحالات' },
    documentation: { en: 'Planned: packs put steps between the states of an order, as data, and remove none.', de: 'Geplant: Pakete setzen Schritte zwischen die Zustände eines Auftrags, als Daten, und entfernen keine.', ar: 'مخطط: تضع الحزم خطوات بين حالات الطلب كبيانات ولا تزيل أيًّا منها.' },
  },
  {
    id: 'sync', zone: 'integration', status: 'core', since: '0.1.0',
    title: { en: 'Headquarters', de: 'Zentrale', ar: 'المقر الرئيسي' },
    documentation: { en: 'Every site’s log reaches central in signed, chained batches, when there is a connection.', de: 'Das Protokoll jedes Standorts gelangt in signierten, verketteten Paketen zur Zentrale, sobald eine Verbindung besteht.', ar: 'يصل سجل كل موقع إلى المقر في دفعات موقّعة متسلسلة متى توفر اتصال.' },
  },
  {
    id: 'api', zone: 'integration', status: 'core', since: '0.1.0',
    title: { en: 'API and command line', de: 'API und Kommandozeile', ar: 'واجهة برمجية وسطر أوامر' },
    documentation: { en: 'Every command and query of the console, over HTTP and from a terminal.', de: 'Jeder Befehl und jede Abfrage der Konsole, über HTTP und im Terminal.', ar: 'كل أمر واستعلام في وحدة التحكم عبر HTTP ومن الطرفية.' },
  },
  {
    id: 'import-csv', zone: 'integration', status: 'partial', since: '0.1.0',
    title: { en: 'Import of CSV', de: 'Import von CSV', ar: 'استيراد CSV' },
    documentation: { en: 'With a mapping of columns; unknown ones are guessed and confirmed.', de: 'Mit einer Zuordnung der Spalten; unbekannte werden erraten und bestätigt.', ar: 'بمطابقة للأعمدة؛ والمجهول منها يُخمَّن ثم يُؤكَّد.' },
  },
  {
    id: 'import-ubl', zone: 'integration', status: 'core', since: '0.1.0',
    title: { en: 'Import of UBL documents', de: 'Import von UBL-Dokumenten', ar: 'استيراد مستندات UBL' },
    documentation: { en: 'Orders and invoices of UBL 2.1, plain or compressed.', de: 'Bestellungen und Rechnungen nach UBL 2.1, unverändert oder komprimiert.', ar: 'طلبات وفواتير UBL 2.1، عادية أو مضغوطة.' },
  },
  {
    id: 'integrations', zone: 'integration', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'integrations', present: true }], options: ['integrations'],
    title: { en: 'Receivers of deliveries', de: 'Empfänger von Lieferungen', ar: 'مستقبِلو التسليمات' },
    documentation: { en: 'Folders and webhooks that the profile names; the engine delivers, signs and retries.', de: 'Ordner und Webhooks, die das Profil nennt; die Maschine liefert, signiert und wiederholt.', ar: 'مجلدات وخطافات ويب يسميها الملف التعريفي؛ والمحرك يسلّم ويوقّع ويعيد المحاولة.' },
  },
  {
    id: 'adapters', zone: 'integration', status: 'variable', since: '0.1.0', stability: 'proposed', contract: 'integration-adapter',
    title: { en: 'Adapters to other systems', de: 'Adapter zu anderen Systemen', ar: 'محوّلات إلى أنظمة أخرى' },
    documentation: { en: 'Planned: packs map to and from other systems.', de: 'Geplant: Pakete bilden auf andere Systeme ab und von ihnen zurück.', ar: 'مخطط: تطابق الحزم من أنظمة أخرى وإليها.' },
  },
  {
    id: 'screens', zone: 'presentation', status: 'variable', since: '0.1.0', contract: 'ui-module',
    title: { en: 'Screens of packs', de: 'Bildschirme von Paketen', ar: 'شاشات الحزم' },
    documentation: { en: 'Menu entries, pages, panels and forms, declared by packs and drawn by the console.', de: 'Menüeinträge, Seiten, Tafeln und Formulare, von Paketen beschrieben und von der Konsole gezeichnet.', ar: 'بنود قوائم وصفحات ولوحات ونماذج تصفها الحزم وترسمها وحدة التحكم.' },
  },
  {
    id: 'explanations', zone: 'presentation', status: 'core', since: '0.1.0',
    title: { en: 'Why this price', de: 'Warum dieser Preis', ar: 'لماذا هذا السعر' },
    documentation: { en: 'Every price as a ladder, each rung naming its rule, pack and version.', de: 'Jeder Preis als Leiter, jede Sprosse mit Regel, Paket und Version.', ar: 'كل سعر كسلّم، تسمي كل درجة قاعدتها وحزمتها وإصدارها.' },
  },
  {
    id: 'languages', zone: 'presentation', status: 'core', since: '0.1.0',
    title: { en: 'English, German and Arabic', de: 'Englisch, Deutsch und Arabisch', ar: 'الإنجليزية والألمانية والعربية' },
    documentation: { en: 'Every screen in three languages, right to left where it belongs.', de: 'Jeder Bildschirm in drei Sprachen, von rechts nach links, wo es hingehört.', ar: 'كل شاشة بثلاث لغات، ومن اليمين إلى اليسار حيث يلزم.' },
  },
  {
    id: 'brand', zone: 'presentation', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'look', present: true }], options: ['look.accent', 'look.theme'],
    title: { en: 'Colour, theme and logo', de: 'Farbe, Design und Logo', ar: 'اللون والسمة والشعار' },
    documentation: { en: 'The look of the console for one customer.', de: 'Das Aussehen der Konsole für einen Kunden.', ar: 'مظهر وحدة التحكم لعميل بعينه.' },
  },
  {
    id: 'menu', zone: 'presentation', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'look.navigation', present: true }], options: ['look.navigation', 'look.columns'],
    title: { en: 'Menu and columns', de: 'Menü und Spalten', ar: 'القائمة والأعمدة' },
    documentation: { en: 'Which entries the menu has, in which order; which columns the list of orders has.', de: 'Welche Einträge das Menü hat und in welcher Reihenfolge; welche Spalten die Auftragsliste hat.', ar: 'أي بنود في القائمة وبأي ترتيب، وأي أعمدة في قائمة الطلبات.' },
  },
  {
    id: 'wording', zone: 'presentation', status: 'partial', since: '0.1.0', usedWhen: [{ path: 'look.wording', present: true }],
    title: { en: 'Words of one’s own', de: 'Eigene Wörter', ar: 'ألفاظ خاصة' },
    documentation: { en: 'Texts in place of those of the console or of packs.', de: 'Texte anstelle derer der Konsole oder von Paketen.', ar: 'نصوص بدل نصوص وحدة التحكم أو الحزم.' },
  },
  {
    id: 'reactions', zone: 'automation', status: 'variable', since: '0.1.0', contract: 'reactor', usedWhen: [{ path: 'capabilities.reactions', present: true }], options: ['capabilities.reactions'],
    title: { en: 'What happens after an event', de: 'Was nach einem Ereignis geschieht', ar: 'ما يحدث بعد حدث' },
    documentation: { en: 'Packs are shown events and ask for commands and deliveries; each has a cursor and parked failures of its own.', de: 'Pakete sehen Ereignisse und verlangen Befehle und Lieferungen; jedes hat eigene Lesemarken und zurückgestellte Fehler.', ar: 'تُعرض الأحداث على الحزم فتطلب أوامر وتسليمات؛ ولكل منها مؤشرها وأعطالها المركونة.' },
  },
  {
    id: 'scheduled-jobs', zone: 'automation', status: 'variable', since: '0.1.0', stability: 'proposed', contract: 'automation',
    title: { en: 'Scheduled jobs', de: 'Geplante Arbeiten', ar: 'مهام مجدولة' },
    documentation: { en: 'Planned: packs describe work that the engine does at set times.', de: 'Geplant: Pakete beschreiben Arbeit, die die Maschine zu festen Zeiten erledigt.', ar: 'مخطط: تصف الحزم أعمالًا ينفذها المحرك في أوقات محددة.' },
  },
  {
    id: 'modules', zone: 'data', status: 'variable', since: '0.1.0', contract: 'domain-module', usedWhen: [{ path: 'capabilities.modules', present: true }], options: ['capabilities.modules'],
    title: { en: 'Entities of packs', de: 'Eigene Datensätze von Paketen', ar: 'كيانات الحزم' },
    documentation: { en: 'Packs keep records of their own: tables folded from the log, commands that they decide.', de: 'Pakete führen eigene Datensätze: Tabellen aus dem Protokoll, Befehle, über die sie entscheiden.', ar: 'تحتفظ الحزم بسجلاتها: جداول مستخلصة من السجل وأوامر تقررها.' },
  },
  {
    id: 'attributes', zone: 'data', status: 'variable', since: '0.1.0', contract: 'data-extension',
    title: { en: 'Attributes of packs', de: 'Merkmale von Paketen', ar: 'سمات الحزم' },
    documentation: { en: 'Packs add attributes to orders, lines and accounts; policies may read them.', de: 'Pakete ergänzen Merkmale an Aufträgen, Positionen und Konten; Regeln können sie lesen.', ar: 'تضيف الحزم سمات إلى الطلبات والبنود والحسابات، ويمكن للسياسات قراءتها.' },
  },
  {
    id: 'reports', zone: 'data', status: 'variable', since: '0.1.0', contract: 'report',
    title: { en: 'Reports of packs', de: 'Berichte von Paketen', ar: 'تقارير الحزم' },
    documentation: { en: 'Packs fold the log into rows, and answer named questions about them.', de: 'Pakete verdichten das Protokoll zu Zeilen und beantworten benannte Fragen dazu.', ar: 'تستخلص الحزم من السجل صفوفًا وتجيب عن أسئلة مسماة عنها.' },
  },
]
