/**
 * A small network with whole-number weights: the browser's twin of `kb/suggest/net.py`.
 *
 * Whole numbers add up to the same in any order; what follows is done in the order of the Python
 * twin, so the results are the same to the last bit.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  const GRAMS = 3; // what the grams of a text weigh together
  const [MOST, FIRST] = [3, "#".charCodeAt(0)]; // two weights a character

  class Net {
    /** @param {Object} data the datum `net` of `kb.suggest.fit` */
    constructor(data) {
      /** The labels of every head. @type {Object<string, string[]>} */
      this.heads = data.heads;
      this._data = data;
      this._places = new Map((data.features ? data.features.split("\n") : []).map((name, i) => [name, i]));
      this._rows = new Map();
    }

    /**
     * The logits of every head's labels, and the hidden sums that led there.
     * @returns {{logits: Object<string, number[]>, hidden: number[]}}
     */
    see({ grams, state }) {
      const { unit, bias, out, out_bias: outBias } = this._data;
      const ofGrams = this._sum(grams);
      const ofState = this._sum(state);
      const size = GRAMS / Math.sqrt(Math.max(grams.size, 1));
      const hidden = unit.map((u, i) => Math.max(0, bias[i] + u * (ofState[i] + ofGrams[i] * size)));
      const all = out.map((row, k) => {
        let total = outBias[k];
        for (let i = 0; i < row.length; i++) total += row[i] * hidden[i];
        return total;
      });
      const logits = {};
      let first = 0;
      for (const [head, labels] of Object.entries(this.heads)) {
        logits[head] = all.slice(first, first + labels.length);
        first += labels.length;
      }
      return { logits, hidden };
    }

    /** What one of each column's units adds to `label` and takes from `against`. */
    pull(seen, head, label, against) {
      const { unit, out } = this._data;
      let first = 0;
      for (const [name, labels] of Object.entries(this.heads)) {
        if (name === head) break;
        first += labels.length;
      }
      const ours = out[first + this.heads[head].indexOf(label)];
      const theirs = out[first + this.heads[head].indexOf(against)];
      return unit.map((u, i) => (seen.hidden[i] > 0 ? (ours[i] - theirs[i]) * u : 0));
    }

    /** The weights of a feature; null where the network does not know it. */
    row(feature) {
      const place = this._places.get(feature);
      if (place === undefined) return null;
      let row = this._rows.get(feature);
      if (!row) {
        const { weights, unit } = this._data;
        const wide = (unit.length + 1) >> 1;
        row = new Int8Array(2 * wide);
        for (let i = 0; i < wide; i++) {
          const both = weights.charCodeAt(place * wide + i) - FIRST;
          row[2 * i] = Math.floor(both / (2 * MOST + 1)) - MOST;
          row[2 * i + 1] = (both % (2 * MOST + 1)) - MOST;
        }
        row = row.subarray(0, unit.length);
        this._rows.set(feature, row);
      }
      return row;
    }

    _sum(features) {
      const total = new Int32Array(this._data.unit.length);
      for (const feature of features) {
        const row = this.row(feature);
        if (row) for (let i = 0; i < row.length; i++) total[i] += row[i];
      }
      return total;
    }
  }

  /** The softmax share of `scores[place]`. */
  function share(scores, place) {
    const top = Math.max(...scores);
    const powers = scores.map((s) => Math.exp(s - top));
    return powers[place] / powers.reduce((sum, power) => sum + power, 0);
  }

  /** The logistic probability of a yes-or-no score. */
  const probability = (score) => 1 / (1 + Math.exp(-score));

  /** The log-odds of a probability, kept within what can be measured. */
  function logOdds(p) {
    const kept = Math.min(Math.max(p, 0.001), 0.999);
    return Math.log(kept / (1 - kept));
  }

  KB.net = { Net, share, probability, logOdds };
})(globalThis.KB);
