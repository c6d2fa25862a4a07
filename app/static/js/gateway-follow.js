// Follows the one link of the page that leads to the gateway, in this page's place, so that 上一頁 leads to
// the payment page and no second payment is begun.
"use strict";

window.location.replace(document.querySelector("a[data-gateway]").href);
