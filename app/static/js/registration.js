// Splits the long list of districts in two: first the county, then its districts. Without this script
// the one list, grouped by county, does the same.
"use strict";

document.querySelectorAll("select[data-county]").forEach((districts) => {
  const groups = [...districts.querySelectorAll("optgroup")].filter((group) => group.label);
  const empty = districts.querySelector('option[value=""]');
  const counties = document.createElement("select");
  counties.className = districts.className;
  counties.setAttribute("aria-label", districts.dataset.county);
  counties.append(new Option(districts.dataset.county, ""));
  groups.forEach((group) => counties.append(new Option(group.label, group.label)));

  const show = (county) => {
    const group = groups.find((one) => one.label === county);
    districts.replaceChildren(empty, ...(group ? [...group.children].map((one) => one.cloneNode(true)) : []));
  };
  const chosen = groups.find((group) => group.querySelector("option:checked"));
  const value = districts.value;
  empty.textContent = districts.dataset.district;
  counties.value = chosen && value ? chosen.label : "";
  show(counties.value);
  districts.value = value;
  counties.addEventListener("change", () => { show(counties.value); districts.value = ""; });

  const pair = document.createElement("div");
  pair.className = "pair";
  districts.before(pair);
  pair.append(counties, districts);
});
