// The payer sees the result for a moment, then the browser carries it back; the button does the same.
const form = document.getElementById("way-back");
if (form) {
  window.setTimeout(() => form.submit(), 1200);
}
