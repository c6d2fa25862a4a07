// The staff's codes change every 30 seconds: the page is fetched again when the next ones are there.
(() => {
  const codes = document.querySelector("[data-refresh-in]");
  if (codes) setTimeout(() => location.reload(), Number(codes.dataset.refreshIn) * 1000);
})();
