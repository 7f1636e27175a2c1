// What lists and receipts are made of: canonical JSON, CRC-32, base64url; the twin of kb.training.codes.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});

  const table = Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n >>> 0;
  });

  /** The CRC-32 of a text in UTF-8, as eight hex digits. */
  function crc32(text) {
    let crc = 0xffffffff;
    for (const byte of new TextEncoder().encode(text)) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
    return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
  }

  /** JSON with sorted keys and no spaces: the same text in Python and here. */
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value && typeof value === "object") {
      return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    return JSON.stringify(value);
  }

  /** A text as base64url without padding. */
  function toBase64(text) {
    const bytes = new TextEncoder().encode(text);
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  /** The text of a base64url code; `null` when it is none, or no UTF-8. */
  function fromBase64(code) {
    if (!/^[A-Za-z0-9_-]*$/.test(code)) return null;
    try {
      const binary = atob(code.replace(/-/g, "+").replace(/_/g, "/"));
      return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
    } catch (e) {
      return null;
    }
  }

  /** Order of texts by code points, as Python has it. */
  function byCode(a, b) {
    const [one, other] = [Array.from(a), Array.from(b)];
    for (let i = 0; i < Math.min(one.length, other.length); i += 1) {
      const difference = one[i].codePointAt(0) - other[i].codePointAt(0);
      if (difference) return difference;
    }
    return one.length - other.length;
  }

  /** The time now, or of `date`, in UTC to the second. */
  const stamp = (date = new Date()) => `${date.toISOString().slice(0, 19)}Z`;

  /** A time in UTC as `2026-11-23 09:20` in UTC+8, the day that counts for what is due; empty stays empty. */
  const local = (time) => time && new Date(Date.parse(time) + 8 * 3600e3).toISOString().slice(0, 16).replace("T", " ");

  KB.codes = { crc32, canonical, toBase64, fromBase64, byCode, stamp, local };
})();
