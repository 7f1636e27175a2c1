/**
 * Contacts kept on this machine only, after contact.js: one entry each in `localStorage`, and in
 * `sessionStorage` the id of the one that this tab is writing.
 *
 * A storage may be missing, full or spoilt; whatever happens is said in one sentence and nothing
 * that is on the page is lost.
 */
(function (KB) {
  "use strict";

  const CONTACT = "kb-desk-contact:";
  const CURRENT = "kb-desk-current";
  const LABELS = "kb-desk-labels";
  /** So many contacts are kept; the desk says so. */
  const MOST = 50;

  const FULL = "这台电脑不让保存，或者存满了：这一通只在这一页里，关掉就没有了，请先导出记录。";
  const SPOILT = "上次留在本机的记录读不出来，没有用它，这里从头开始。";
  const ELSEWHERE = "这一通在另一个窗口里也开着，那边接着记；这里另记一份。";

  /**
   * @param {Storage} local @param {Storage} session
   * @returns {Object} `open`, `save`, `list`, `take`, `clear`, `labels`
   */
  function create(local, session) {
    // Two tabs may hold the same contact (a duplicated tab): whoever wrote last owns it.
    let owner = KB.contact.newId(new Date());

    const ids = () => Object.keys(local).filter((k) => k.startsWith(CONTACT)).map((k) => k.slice(CONTACT.length));

    function entry(id) {
      try {
        const kept = JSON.parse(local.getItem(CONTACT + id));
        return kept && KB.contact.isContact(kept.contact) && kept.contact.id === id ? kept : null;
      } catch (e) {
        return null;
      }
    }

    function write(contact) {
      local.setItem(CONTACT + contact.id, JSON.stringify({ owner, at: new Date().toISOString(), contact }));
      session.setItem(CURRENT, contact.id);
    }

    /** The ids of all contacts, the one written last first, spoilt ones at the end. */
    function latest() {
      const all = ids().map((id) => [id, entry(id)]);
      const at = ([id, kept]) => `${kept ? kept.at || kept.contact.began : ""} ${id}`;
      return all.sort((a, b) => (at(a) < at(b) ? 1 : -1)).map(([id]) => id);
    }

    /** Forget what was written longest ago; never the contact on the screen, whatever the clock says. */
    function prune(own) {
      if (ids().length <= MOST) return; // reading all of them at every letter would be slow
      for (const id of latest().filter((id) => id !== own).slice(MOST - 1)) local.removeItem(CONTACT + id);
    }

    /** Channel and industry as last chosen: who works on the phone today will tomorrow. */
    function labels() {
      try {
        const { channel, industry } = JSON.parse(local.getItem(LABELS)) || {};
        return { channel: typeof channel === "string" ? channel : "", industry: typeof industry === "string" ? industry : "" };
      } catch (e) {
        return { channel: "", industry: "" };
      }
    }

    /**
     * Keep a contact; an empty one is none. `note` is news, `trouble` holds until the next time.
     * @returns {{contact: Contact, note: string, trouble: string}}
     */
    function save(contact) {
      try {
        let note = "";
        local.setItem(LABELS, JSON.stringify({ channel: contact.channel, industry: contact.industry }));
        if (KB.contact.isEmpty(contact)) {
          const kept = entry(contact.id);
          if (kept && kept.owner === owner) local.removeItem(CONTACT + contact.id);
          session.setItem(CURRENT, contact.id);
          return { contact, note, trouble: "" };
        }
        const kept = entry(contact.id);
        if (kept && kept.owner !== owner) {
          contact = { ...contact, id: KB.contact.newId(new Date()) };
          note = ELSEWHERE;
        }
        write(contact);
        prune(contact.id);
        return { contact, note, trouble: "" };
      } catch (e) {
        return { contact, note: "", trouble: FULL };
      }
    }

    /** The contact of this tab, which is ours from now on. @returns {{contact: ?Contact, note: string}} */
    function open() {
      try {
        const id = session.getItem(CURRENT);
        if (!id || local.getItem(CONTACT + id) === null) return { contact: null, note: "" };
        const kept = entry(id);
        if (!kept) return { contact: null, note: SPOILT };
        owner = KB.contact.newId(new Date());
        write(kept.contact);
        return { contact: kept.contact, note: "" };
      } catch (e) {
        return { contact: null, note: "" }; // the first save says so
      }
    }

    /** All contacts on this machine, the one written last first; spoilt ones are left out. @returns {Contact[]} */
    function list() {
      try {
        return latest().map(entry).filter(Boolean).map((kept) => kept.contact);
      } catch (e) {
        return [];
      }
    }

    /** Go on with a kept contact in this tab; null if it is gone. */
    function take(id) {
      try {
        const kept = entry(id);
        if (kept) write(kept.contact);
        return kept ? kept.contact : null;
      } catch (e) {
        return null;
      }
    }

    /** Forget every contact on this machine, spoilt ones too. */
    function clear() {
      try {
        for (const id of ids()) local.removeItem(CONTACT + id);
        local.removeItem(LABELS);
        session.removeItem(CURRENT);
      } catch (e) { /* nothing was kept */ }
    }

    return { open, save, list, take, clear, labels };
  }

  const none = { getItem: () => null, setItem() { throw new Error("no storage"); }, removeItem() {} };
  const storage = (name) => { try { return globalThis[name] || none; } catch (e) { return none; } };

  KB.keep = { create: (local = storage("localStorage"), session = storage("sessionStorage")) => create(local, session), MOST };
})(globalThis.KB);
