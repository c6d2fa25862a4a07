// The staff's codes change every 30 seconds: they alone are exchanged, so that whoever reads, tabs or
// copies on this page stays where they are.
(() => {
  const waiting = (page) => Number(page.querySelector("[data-refresh-in]").dataset.refreshIn) * 1000;
  const codes = (page) => page.querySelectorAll("[data-code]");

  async function exchange() {
    let next = 30_000;
    try {
      const answer = await fetch(location.pathname);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = codes(page);
      codes(document).forEach((code, index) => (code.textContent = fresh[index].textContent));
      next = waiting(page);
    } catch {
      // The portal is being restarted: the old codes stand until it answers again.
    }
    setTimeout(exchange, next);
  }

  setTimeout(exchange, waiting(document));
})();
