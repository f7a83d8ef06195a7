/* Drawing a box over the page of a document fills in the four numbers of the form beside it; typing the numbers draws
   the box. Without this script the numbers alone do. Version 1. */
(function () {
    "use strict";

    function ready(sheet) {
        var form = document.querySelector("[data-mark]");
        var layer = sheet.querySelector("svg");
        var box = layer.querySelector("[data-new]");
        var fields = ["left", "top", "width", "height"].map(function (name) { return form.elements[name]; });
        var from = null;

        function show(values) {
            ["x", "y", "width", "height"].forEach(function (name, place) { box.setAttribute(name, values[place] || 0); });
        }
        function place(event) {
            var area = layer.getBoundingClientRect();
            return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height].map(function (part) {
                return Math.min(100, Math.max(0, part * 100));
            });
        }
        function between(start, end) {
            return [Math.min(start[0], end[0]), Math.min(start[1], end[1]), Math.abs(end[0] - start[0]), Math.abs(end[1] - start[1])];
        }
        layer.addEventListener("pointerdown", function (event) {
            if (event.button !== 0 || event.pointerType === "touch") { return; }  // a finger scrolls
            from = place(event);
            layer.setPointerCapture(event.pointerId);
            event.preventDefault();
        });
        layer.addEventListener("pointermove", function (event) {
            if (from) { show(between(from, place(event))); }
        });
        layer.addEventListener("pointerup", function (event) {
            if (!from) { return; }
            var drawn = between(from, place(event));
            from = null;
            if (drawn[2] < 0.2 || drawn[3] < 0.2) { show([]); return; }  // a click, not a box
            show(drawn);
            fields.forEach(function (field, place) { field.value = drawn[place].toFixed(2); });
            form.elements.reason.focus({ preventScroll: true });
        });
        layer.addEventListener("pointercancel", function () { from = null; show([]); });
        fields.forEach(function (field) {
            field.addEventListener("input", function () { show(fields.map(function (each) { return parseFloat(each.value); })); });
        });
        show(fields.map(function (each) { return parseFloat(each.value); }));
        sheet.setAttribute("data-ready", "");
    }

    document.addEventListener("DOMContentLoaded", function () { document.querySelectorAll("[data-sheet]").forEach(ready); });
}());
