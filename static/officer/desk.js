/* Privacy Desk on the staff sites: parts of a page that keep themselves up to date, and the theme's clickable icons
   within reach of the keyboard, and what is to be read first is focused, the tab one is on in view, and a page that is
   sent again after the back button is known, and a form says how its fields were shown. Pages work without it.
   Version 3. */
(function () {
    "use strict";

    // A part with data-live-url is fetched again every few seconds. When the stage that the server names differs from
    // the one the page was made for, the whole page is loaded anew, because other parts have changed as well.
    function keepUpToDate(part) {
        var failures = 0;
        function again() {
            window.setTimeout(ask, Math.min(3000 * Math.pow(2, failures), 60000));
        }
        function ask() {
            if (document.hidden) { again(); return; }
            fetch(part.dataset.liveUrl, { credentials: "same-origin", redirect: "error" }).then(function (answer) {
                if (!answer.ok) { throw new Error(String(answer.status)); }
                if (answer.headers.get("X-Live") !== part.dataset.liveState) { window.location.reload(); return null; }
                return answer.text();
            }).then(function (text) {
                if (text === null) { return; }
                failures = 0;
                if (part.innerHTML !== text) { part.innerHTML = text; }
                again();
            }).catch(function () { failures += 1; again(); });
        }
        again();
    }

    // The theme puts click handlers on <span>, <div> and <a> without address.
    function reachable(element) {
        if (element.matches("a[href], button, input, select, textarea, body, html, [tabindex]")) { return; }
        element.tabIndex = 0;
        element.setAttribute("role", "button");
        element.setAttribute("data-pd-button", "");
        if (!element.getAttribute("aria-label") && element.classList.contains("material-symbols-outlined")) {
            element.setAttribute("aria-label", element.textContent.trim() === "close" ? "Close menu" : "Menu");
        }
        element.addEventListener("keydown", function (event) {
            if (event.key === "Enter" || event.key === " ") { event.preventDefault(); element.click(); }
        });
    }

    // On a narrow screen tabs stand in one row that scrolls.
    function inView(tab) {
        var row = tab.parentElement, room = 48;
        row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - room;
    }

    // A page is numbered when it is shown, so that it does once what it is sent for. The back button asks the server for
    // the page anew; the entry of the browser's history remembers the number it was sent with.
    function keepNumber(field) {
        var sent = window.history.state && window.history.state.sentPage;
        if (sent) { field.value = sent; }
        field.form.addEventListener("submit", function () {
            window.history.replaceState({ sentPage: field.value }, "");
        });
    }

    // What an officer wrote is shown again where nothing became of it. Then each field has the label it had here, and each
    // choice its words: the server knows of most forms only what was sent.
    function plain(element) {
        return element ? Array.from(element.textContent.replace(/\s+/g, " ").trim()).slice(0, 300).join("") : "";
    }
    function isChoice(field) { return field.type === "radio" || field.type === "checkbox"; }
    function labelOf(field) {
        var own = plain(field.labels && field.labels[0]) || field.getAttribute("aria-label") || "";
        var group = field.closest("fieldset"), above = group ? plain(group.querySelector("legend")) : "";
        if (isChoice(field) && field.form.querySelectorAll("[name='" + CSS.escape(field.name) + "']").length > 1) { return above; }
        return above && above !== own ? above + ": " + own : own;
    }
    function choicesOf(field) {
        var words = {};
        if (field.tagName === "SELECT") {
            Array.prototype.forEach.call(field.selectedOptions, function (option) { words[option.value] = plain(option); });
        } else if (isChoice(field) && field.checked) {
            words[field.value] = plain(field.labels && field.labels[0]);
        }
        return words;
    }
    function sayHowShown(event) {
        var form = event.target, shown = {}, old = form.querySelector("input[name=_as_shown]"), field;
        if ((form.getAttribute("method") || "").toLowerCase() !== "post") { return; }
        if (old) { old.remove(); }
        Array.prototype.forEach.call(form.elements, function (each) {
            if (!each.name || each.type === "hidden" || each.type === "password" || each.tagName === "BUTTON") { return; }
            shown[each.name] = shown[each.name] || [labelOf(each), {}];
            Object.assign(shown[each.name][1], choicesOf(each));
        });
        field = document.createElement("input");
        field.type = "hidden";
        field.name = "_as_shown";
        field.value = JSON.stringify(shown);
        form.appendChild(field);
    }

    document.addEventListener("submit", sayHowShown);
    document.addEventListener("DOMContentLoaded", function () {
        document.querySelectorAll("[data-sent-once]").forEach(keepNumber);
        document.querySelectorAll("[data-live-url]").forEach(keepUpToDate);
        document.querySelectorAll("[data-read-first]").forEach(function (part) { part.focus(); });
        document.querySelectorAll(".pd-tabs > [aria-current]").forEach(inView);
        document.querySelectorAll("[x-on\\:click]").forEach(reachable);
    });
}());
