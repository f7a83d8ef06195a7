/*
 * The cookie banner of Privacy Desk, on a web site of the organisation. It fetches what was published, shows it with
 * CookieConsent (above), and records each choice with the portal, which answers with a proof.
 *
 * Danger: a script that runs before a yes, or after a no.
 * Rule: scripts of categories stand in the page as type="text/plain" and are started by the library alone, from a
 * cookie that this site's own pages wrote. Whatever fails here, the portal's answer or the network, they do not run.
 *
 * Nothing here evaluates text or writes inline styles, so a strict Content-Security-Policy lets it through.
 */
(function () {
  "use strict";

  var COOKIE = "privacy_choices";
  var LONGEST_QUEUE = 4;
  var script = document.currentScript;
  var library = window.CookieConsent;
  if (!script || !library || document.documentElement.hasAttribute("data-privacy-choices-running")) return;
  document.documentElement.setAttribute("data-privacy-choices-running", "");

  var portal = new URL(script.src).origin;
  var preview = script.dataset.preview || "";
  var signal = navigator.globalPrivacyControl === true;
  var scripted = {}; // categories that have scripts in this page
  var banner, words, language, optional, sale;
  var before = []; // what was accepted until now
  var confirmed = false; // the visitor has said yes in spite of the signal
  var tookBack = false;
  var sending = false;

  start().catch(function (problem) { console.warn("Cookie banner:", problem); });

  async function start() {
    var address = preview || portal + "/cookies/v1/banner.json?site=" + encodeURIComponent(script.dataset.site || "");
    var answer = await fetch(address, { credentials: preview ? "same-origin" : "omit" });
    if (!answer.ok) throw new Error("the portal answered " + answer.status);
    banner = await answer.json();
    if (document.readyState === "loading") {
      await new Promise(function (done) { document.addEventListener("DOMContentLoaded", done); });
    }
    language = chosenLanguage();
    words = banner.content.texts[language];
    optional = banner.content.categories.filter(function (each) { return !each.necessary; });
    sale = optional.filter(function (each) { return each.sale; }).map(code);
    optional.forEach(function (each) {
      scripted[each.code] = document.querySelector('script[data-category="' + each.code + '"]') !== null;
    });
    tookBack = obeySignal();
    await library.run(configuration());
    addButton();
    document.addEventListener("click", onClick, true);
    if (library.validConsent()) goOn();
  }

  /* Somebody who chose on an earlier page. */
  function goOn() {
    before = accepted();
    optional.filter(function (each) { return before.indexOf(each.code) < 0; }).forEach(eraseCookiesOf);
    if (tookBack) {
      chosen("gpc", []);
      library.showPreferences();
    } else {
      tell(null);
      send();
    }
  }

  function code(category) { return category.code; }

  function codes() { return optional.map(code); }

  function accepted() {
    return codes().filter(function (each) { return library.acceptedCategory(each); });
  }

  function titles(of) {
    return optional.filter(function (each) { return of.indexOf(each.code) >= 0; })
      .map(function (each) { return each.title[language]; }).join(", ");
  }

  function chosenLanguage() {
    var wanted = script.dataset.language || document.documentElement.lang || "";
    var known = banner.content.texts;
    return [wanted, wanted.slice(0, 2)].find(function (each) { return Object.hasOwn(known, each); })
      || banner.content.default_language;
  }

  /* The cookie, before the library has read it; null when there is none for this banner. */
  function stored() {
    var found = document.cookie.split("; ").find(function (each) { return each.indexOf(COOKIE + "=") === 0; });
    try {
      var value = JSON.parse(decodeURIComponent(found.slice(COOKIE.length + 1)));
      return value.revision === banner.version && Array.isArray(value.categories) ? value : null;
    } catch (_none) {
      return null;
    }
  }

  /* The signal came after the choice: what it refuses is taken back before the library can start a script. */
  function obeySignal() {
    var value = stored();
    if (!signal || !value || (value.data && value.data.signal)) return false;
    var kept = value.categories.filter(function (each) { return sale.indexOf(each) < 0; });
    if (kept.length === value.categories.length) return false;
    value.categories = kept;
    sale.forEach(function (each) { if (value.services) delete value.services[each]; });
    var until = Date.parse(value.lastConsentTimestamp) + banner.content.ask_again_days * 864e5;
    document.cookie = COOKIE + "=" + encodeURIComponent(JSON.stringify(value)) +
      "; expires=" + new Date(until).toUTCString() + "; Path=/; SameSite=Lax" +
      (location.hostname.indexOf(".") >= 0 ? "; Domain=" + location.hostname : "") +
      (location.protocol === "https:" ? "; Secure" : "");
    return true;
  }

  /* What the library shows is HTML; what officers wrote is text. */
  function escaped(text) {
    return String(text).replace(/[&<>"']/g, function (each) { return "&#" + each.charCodeAt(0) + ";"; });
  }

  function signalWords() {
    if (!signal || !sale.length) return "";
    var lead = tookBack ? words.signal_took_back : words.signal_honoured;
    return ' <span class="pd-signal">' + escaped(lead) + " <strong>" + escaped(titles(sale)) + "</strong></span>";
  }

  function configuration() {
    var categories = {};
    banner.content.categories.forEach(function (each) {
      categories[each.code] = {
        enabled: each.necessary,
        readOnly: each.necessary,
        autoClear: { cookies: each.necessary ? [] : each.cookies.map(asItem) }
      };
    });
    var translations = {};
    translations[language] = { consentModal: firstLayer(), preferencesModal: secondLayer() };
    return {
      revision: banner.version,
      hideFromBots: false,
      cookie: { name: COOKIE, expiresAfterDays: banner.content.ask_again_days, sameSite: "Lax" },
      guiOptions: {
        consentModal: { layout: "box wide", position: "bottom left", equalWeightButtons: true },
        preferencesModal: { layout: "box", equalWeightButtons: true }
      },
      categories: categories,
      language: { default: language, translations: translations },
      onFirstConsent: function () { chosen(null, []); },
      onChange: function () { chosen(null, before); },
      onModalReady: function (event) {
        event.modal.lang = language;
        nameToggles(event.modal);
      },
      onModalShow: fillProof
    };
  }

  function firstLayer() {
    var policy = banner.content.policy_url;
    return {
      title: escaped(words.title),
      description: escaped(words.text) + ' <span class="pd-asked">' + escaped(words.asked_for) + " <strong>" +
        escaped(titles(codes())) + "</strong></span>" + signalWords() +
        (preview ? ' <strong class="pd-preview">' + escaped(words.preview) + "</strong>" : ""),
      acceptAllBtn: escaped(words.accept),
      acceptNecessaryBtn: escaped(words.reject),
      showPreferencesBtn: escaped(words.settings),
      footer: policy ? '<a href="' + escaped(policy) + '">' + escaped(words.policy) + "</a>" : ""
    };
  }

  function secondLayer() {
    var sections = [{ description: escaped(words.settings_text) + signalWords() }];
    banner.content.categories.forEach(function (each) {
      sections.push({
        title: escaped(each.title[language]) +
          (each.necessary ? ' <span class="pm__badge">' + escaped(words.always_on) + "</span>" : ""),
        description: escaped(each.description[language]),
        linkedCategory: each.code,
        cookieTable: each.cookies.length ? table(each.cookies) : undefined
      });
    });
    sections.push({ title: escaped(words.proof_title), description: '<span data-pd-proof></span>' });
    return {
      title: escaped(words.settings_title),
      acceptAllBtn: escaped(words.accept),
      acceptNecessaryBtn: escaped(words.reject),
      savePreferencesBtn: escaped(words.save),
      closeIconLabel: escaped(words.close),
      sections: sections
    };
  }

  function table(cookies) {
    return {
      headers: {
        name: escaped(words.cookie_name), provider: escaped(words.cookie_provider),
        duration: escaped(words.cookie_duration), purpose: escaped(words.cookie_purpose)
      },
      body: cookies.map(function (each) {
        return {
          name: escaped(each.name), provider: escaped(each.provider),
          duration: escaped(each.duration[language]), purpose: escaped(each.purpose[language])
        };
      })
    };
  }

  /* A star at the end of a name stands for any ending. */
  function asItem(cookie) {
    var name = cookie.name;
    if (name.slice(-1) === "*") name = new RegExp("^" + name.slice(0, -1).replace(/[.\-]/g, "\\$&"));
    return cookie.domain ? { name: name, domain: cookie.domain } : { name: name };
  }

  function eraseCookiesOf(category) {
    category.cookies.map(asItem).forEach(function (each) { library.eraseCookies(each.name, "/", each.domain); });
  }

  /* The library names its switches by HTML; who listens to the page gets the text. */
  function nameToggles(modal) {
    modal.querySelectorAll(".section__toggle").forEach(function (toggle) {
      var category = banner.content.categories.find(function (each) { return each.code === toggle.value; });
      toggle.parentNode.querySelector(".toggle__label").textContent = category.title[language];
    });
  }

  function addButton() {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "pd-choices-button";
    button.lang = language;
    button.textContent = words.button;
    button.setAttribute("data-privacy-choices", "");
    button.setAttribute("aria-haspopup", "dialog");
    document.body.appendChild(button);
  }

  function onClick(event) {
    var target = event.target instanceof Element ? event.target : null;
    if (target && target.closest("[data-privacy-choices]")) {
      event.preventDefault();
      library.showPreferences();
      return;
    }
    var button = target && target.closest('#cc-main [data-role="all"], #cc-main [data-role="save"]');
    if (!button || !signal || confirmed) return;
    var asked = newlyAccepted(button.dataset.role).filter(function (each) { return sale.indexOf(each) >= 0; });
    if (!asked.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    askInSpiteOfSignal(asked, button);
  }

  function switchedOn() {
    return codes().filter(function (each) {
      var toggle = document.querySelector('#cc-main .section__toggle[value="' + each + '"]');
      return toggle !== null && toggle.checked;
    });
  }

  function newlyAccepted(role) {
    var has = accepted();
    return (role === "all" ? codes() : switchedOn()).filter(function (each) { return has.indexOf(each) < 0; });
  }

  function askInSpiteOfSignal(asked, button) {
    var dialog = document.createElement("dialog");
    dialog.className = "pd-confirm";
    dialog.lang = language;
    dialog.setAttribute("aria-labelledby", "pd-confirm-title");
    var heading = document.createElement("h2");
    heading.id = "pd-confirm-title";
    heading.textContent = words.signal_confirm_title;
    var text = document.createElement("p");
    text.textContent = words.signal_confirm_text + " ";
    text.appendChild(document.createElement("strong")).textContent = titles(asked);
    var buttons = document.createElement("div");
    [["signal_confirm_yes", true], ["signal_confirm_no", false]].forEach(function (each) {
      var choice = document.createElement("button");
      choice.type = "button";
      choice.textContent = words[each[0]];
      choice.addEventListener("click", function () {
        dialog.close();
        answered(each[1], button);
      });
      buttons.appendChild(choice);
    });
    dialog.addEventListener("close", function () { dialog.remove(); });
    dialog.append(heading, text, buttons);
    document.getElementById("cc-main").appendChild(dialog);
    dialog.showModal();
  }

  function answered(yes, button) {
    if (yes) {
      confirmed = true;
      button.click();
      confirmed = false;
      return;
    }
    var has = accepted();
    var wanted = button.dataset.role === "all" ? codes() : switchedOn();
    library.acceptCategory(wanted.filter(function (each) { return sale.indexOf(each) < 0 || has.indexOf(each) >= 0; }));
    library.hide();
    library.hidePreferences();
  }

  function number() {
    if (crypto.randomUUID) return crypto.randomUUID(); // only where the page came over https
    var bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var text = bytes.map(function (each) { return each.toString(16).padStart(2, "0"); }).join("");
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  }

  function data() {
    var value = library.getCookie("data");
    return value && Array.isArray(value.queue) ? value : { proof: null, time: null, signal: false, queue: [] };
  }

  function keep(change) { library.setCookieData({ value: Object.assign({}, data(), change) }); }

  /* The visitor has chosen: keep it to be sent, tell the page, and stop what runs already. */
  function chosen(action, had) {
    var yes = accepted();
    var no = codes().filter(function (each) { return yes.indexOf(each) < 0; });
    var taken = had.filter(function (each) { return no.indexOf(each) >= 0; });
    before = yes;
    if (preview) {
      library.eraseCookies(COOKIE);
      return;
    }
    var choice = {
      call: number(), version: banner.version, digest: banner.digest, accepted: yes, refused: no, has_signal: signal,
      action: action || (taken.length ? "withdraw" : !no.length ? "accept_all" : !yes.length ? "reject_all" : "save"),
      language: language, chosen_at: new Date().toISOString()
    };
    keep({ proof: null, time: null, signal: signal, queue: data().queue.concat(choice).slice(-LONGEST_QUEUE) });
    var stays = tell(choice.action);
    var sent = send();
    if (!stays) return;
    if (taken.some(function (each) { return scripted[each]; })) {
      // what runs cannot be stopped but by a new page; the choice is kept, and sent again if this was too short
      Promise.race([sent, new Promise(function (done) { setTimeout(done, 3000); })])
        .then(function () { location.reload(); });
    }
  }

  /* A page that stops its scripts itself calls preventDefault() and is not loaded anew. */
  function tell(action) {
    var yes = accepted();
    var detail = { action: action, accepted: yes, refused: codes().filter(function (each) { return yes.indexOf(each) < 0; }) };
    return window.dispatchEvent(new CustomEvent("privacychoices", { cancelable: true, detail: detail }));
  }

  /* Send what is waiting, the oldest first. What the portal does not answer stays for the next page. */
  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (var next = data().queue[0]; next; next = data().queue[0]) {
        if (!(await sendOne(next))) return;
      }
    } finally {
      sending = false;
      fillProof();
    }
  }

  async function sendOne(choice) {
    var answer, body;
    try {
      answer = await fetch(portal + "/cookies/v1/choices/", {
        method: "POST",
        credentials: "omit",
        keepalive: true,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(Object.assign({ site: script.dataset.site, browser: library.getCookie("consentId") }, choice))
      });
      body = answer.ok ? await answer.json() : null;
    } catch (_noAnswer) {
      return false;
    }
    if (answer.status === 429 || answer.status >= 500) return false;
    var rest = data().queue.filter(function (each) { return each.call !== choice.call; });
    keep(body ? { queue: rest, proof: body.id, time: body.recorded_at } : { queue: rest });
    if (!body) console.warn("Cookie banner: the choice was not recorded, the portal answered", answer.status);
    return true;
  }

  /* What the second layer says of the proof. */
  function fillProof() {
    var place = document.querySelector("[data-pd-proof]");
    if (!place) return;
    place.textContent = "";
    if (!library.validConsent()) {
      place.textContent = preview ? words.preview : words.proof_none;
      return;
    }
    var kept = data();
    if (!kept.proof) {
      place.textContent = words.proof_waiting;
      return;
    }
    line(place, words.proof_number, kept.proof);
    line(place, words.proof_time,
      new Date(kept.time).toLocaleString(language, { dateStyle: "long", timeStyle: "long" }));
    var link = document.createElement("a");
    link.href = portal + "/cookies/v1/choices/" + kept.proof + "/receipt/";
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = words.proof_receipt;
    place.appendChild(link);
  }

  function line(place, label, value) {
    var row = document.createElement("span");
    row.className = "pd-line";
    row.appendChild(document.createElement("span")).textContent = label + ": ";
    row.appendChild(document.createElement("span")).textContent = value;
    place.appendChild(row);
  }
})();
