/* Shows a letter as it will be while somebody writes it. Pages work without it: the preview then follows each saving.
   Version 1. */
(function () {
    "use strict";

    function watch(form) {
        var panel = document.querySelector("[data-preview]");
        var waiting = null;
        var asked = 0;
        function ask() {
            var number = asked += 1;
            fetch(form.dataset.previewUrl, {
                method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error"
            }).then(function (answer) {
                if (!answer.ok) { throw new Error(String(answer.status)); }
                return answer.text();
            }).then(function (text) {
                if (number === asked) { panel.innerHTML = text; }
            }).catch(function () { return null; });
        }
        form.addEventListener("input", function () {
            window.clearTimeout(waiting);
            waiting = window.setTimeout(ask, 400);
        });
    }

    document.addEventListener("DOMContentLoaded", function () {
        document.querySelectorAll("form[data-preview-url]").forEach(watch);
    });
}());
