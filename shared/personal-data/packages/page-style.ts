/** The look of the page: legible first, in light, in the dark and on paper; nothing is fetched. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#556072;--line:#dde3ea;--paper:#fff;--ground:#f4f6f9;--accent:#0b5a7a;--accent-soft:#e3f0f5;--keep:#8a5300}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#a5b1c0;--line:#36414f;--paper:#1b222c;--ground:#12171e;--accent:#7cc6e4;--accent-soft:#1d3440;--keep:#e5b567}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3rem;padding-bottom:1rem}
h1{font-size:clamp(1.8rem,5vw,2.6rem);line-height:1.15;letter-spacing:-.02em;margin:0 0 .75rem}
h2{font-size:1.45rem;letter-spacing:-.01em;margin:3rem 0 1rem}
h3{font-size:1.15rem;margin:0 0 .35rem}
h4{font-size:.95rem;margin:0 0 .5rem;color:var(--soft)}
p{margin:.5rem 0}
.lead{font-size:1.15rem;max-width:46rem}
.soft{color:var(--soft)}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:1.25rem 1.4rem;margin:0 0 1.25rem}
.glance{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(11.5rem,1fr));gap:.75rem}
.glance a{display:block;height:100%;background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:.8rem 1rem;text-decoration:none;color:inherit}
.glance a:hover{border-color:var(--accent)}
.glance b{display:block;font-size:1.5rem;line-height:1.2;color:var(--accent);font-variant-numeric:tabular-nums}
.badge{display:inline-block;background:var(--accent-soft);color:var(--accent);border-radius:99px;padding:.05rem .65rem;font-size:.8rem;font-weight:600;margin-inline-start:.5rem;vertical-align:.1em}
dl.facts{display:grid;grid-template-columns:minmax(8rem,13rem) 1fr;gap:.25rem 1rem;margin:.75rem 0;font-size:.9rem}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}
dl.values{display:grid;grid-template-columns:minmax(8rem,16rem) 1fr;margin:.75rem 0 0;border-top:1px solid var(--line)}
dl.values dt,dl.values dd{margin:0;padding:.45rem 0;border-bottom:1px solid var(--line)}
dl.values dt{color:var(--soft);padding-inline-end:1rem}dl.values dd{white-space:pre-line}
.kept{color:var(--keep)}
.scroll{overflow-x:auto;margin:.75rem 0 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:start;vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);white-space:pre-line}
th{color:var(--soft);font-weight:600;white-space:normal}
td{min-width:6rem;max-width:26rem}
details{border-top:1px solid var(--line);padding:.5rem 0}details:last-of-type{border-bottom:1px solid var(--line)}
summary{cursor:pointer}
.why{border:0;margin-top:.75rem;font-size:.9rem;color:var(--soft)}details.why:last-of-type{border:0;padding-bottom:0}.why dl{color:var(--ink)}tbody th{color:var(--ink);padding-inline-end:.75rem;min-width:9rem}
.files{font-size:.9rem;margin:.75rem 0 0;display:flex;gap:1.25rem;flex-wrap:wrap}
.rights{padding:0;margin:1rem 0;list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.75rem}
.rights li{border-inline-start:3px solid var(--accent);padding-inline-start:.8rem}
address{font-style:normal}
footer{padding-top:1rem;padding-bottom:3rem;font-size:.85rem;color:var(--soft)}
@media (max-width:36rem){dl.facts,dl.values{grid-template-columns:1fr}dl.facts dt{margin-top:.4rem}dl.values dt{border-bottom:0;padding-bottom:0}}
@media print{:root{--ground:#fff;--paper:#fff;--ink:#000;--soft:#444;--accent:#000;--accent-soft:#eee;--line:#bbb}body{font-size:10pt}header{padding-top:0}.card,details,tr{break-inside:avoid}.skip,.files{display:none}header,main,footer{max-width:none;padding-inline:0}}
`.trim();
