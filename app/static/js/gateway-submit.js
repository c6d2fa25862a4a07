// Presses the one button of the page that leads to the gateway. It runs before the page has finished
// loading, so that the browser puts the gateway in this page's place and 上一頁 leads to the payment page.
"use strict";

document.querySelector("form[data-gateway]").submit();
