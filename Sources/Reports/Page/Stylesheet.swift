/// How a report looks: on a screen in light and dark, on a phone, on paper.
enum Stylesheet {
  /// Lines have the colors of Okabe & Ito (2008), which people with any kind of color vision can distinguish, darker ones on white and
  /// lighter ones on black.
  static let text: StaticString = """

    :root {
      --back: #fff; --card: #fff; --text: #1c2024; --soft: #5b6570; --rule: #d9dee3; --grid: #e9edf0; --accent: #0b5cad;
      --s0: #0072b2; --s1: #d55e00; --s2: #00875f; --s3: #b0568c; --s4: #b07a00; --s5: #3a9bd0; --warn: #8a4b00; --warnback: #fff4e0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --back: #14171a; --card: #1a1e22; --text: #e4e8eb; --soft: #9aa5b0; --rule: #353c43; --grid: #272d33; --accent: #7ab8f5;
        --s0: #4ba3e3; --s1: #ff8b45; --s2: #2fc795; --s3: #e08cc0; --s4: #e6b13a; --s5: #9bd4f5; --warn: #ffc46b; --warnback: #33270f;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--back); color: var(--text);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
    }
    main { max-width: 80rem; margin: 0 auto; padding: 2rem 1.5rem 3rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.015em; overflow-wrap: anywhere; }
    h2 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .35rem; }
    h3 { font-size: .95rem; margin: 0; display: inline; overflow-wrap: anywhere; }
    p { margin: 0 0 .8rem; max-width: 46rem; }
    section { margin-top: 2.4rem; }
    section > p, .facts, footer { color: var(--soft); font-size: .9rem; }
    .facts { font-size: 1rem; max-width: none; }
    .note { color: var(--soft); font-size: .8rem; }
    .warning { background: var(--warnback); color: var(--warn); padding: .35rem .7rem; border-left: .25rem solid; margin: 0 0 .4rem; font-size: .9rem; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--rule); font-size: .8rem; }

    .scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: .4rem; background: var(--card); }
    .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: .875rem; width: 100%; }
    th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
    tbody tr:last-child > * { border-bottom: 0; }
    thead th { border-bottom: 1px solid var(--rule); font-weight: 600; white-space: nowrap; vertical-align: bottom; }
    tbody th { font-weight: 500; }
    td { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .number { text-align: right; }
    .value, .path { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .8rem; }
    .path { white-space: nowrap; }
    small { display: block; color: var(--soft); font-size: .75rem; font-weight: 400; overflow-wrap: anywhere; }
    thead small { white-space: normal; max-width: 7.5rem; overflow-wrap: break-word; }
    .swatch { vertical-align: -.1em; margin-right: .4rem; }
    td > .swatch { margin: 0; }
    tfoot > tr > * { border-top: 1px solid var(--rule); border-bottom: 0; color: var(--soft); font-weight: 400; }

    .legend { list-style: none; margin: 0 0 .9rem; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; font-size: .875rem; }
    .legend li { display: flex; gap: .5rem; align-items: center; overflow-wrap: anywhere; }
    .legend .swatch { flex: none; }
    .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 1rem; }
    figure { margin: 0; padding: .7rem .7rem .4rem; border: 1px solid var(--rule); border-radius: .4rem; background: var(--card); min-width: 0; break-inside: avoid; }
    figcaption { display: flex; flex-wrap: wrap; gap: 0 .7rem; align-items: baseline; margin-bottom: .2rem; }
    .chart { display: block; width: 100%; max-width: 32rem; height: auto; }
    .chart text { font-size: 11.5px; fill: var(--soft); font-variant-numeric: tabular-nums; }
    .chart .phase { font-size: 10.5px; }
    .grid { stroke: var(--grid); fill: none; }
    .axis { stroke: var(--soft); fill: none; stroke-width: .8; }
    .boundary { stroke: var(--soft); stroke-width: .8; stroke-dasharray: 1 3; fill: none; }
    .reference { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 6 3 1 3; fill: none; }
    .mean { stroke: var(--text); stroke-width: 1.8; fill: none; }
    .s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); }
    .s3 { color: var(--s3); } .s4 { color: var(--s4); } .s5 { color: var(--s5); }
    .undrawn { stroke: var(--soft); stroke-width: 4; stroke-linecap: round; opacity: .45; fill: none; }
    .line { stroke: currentColor; stroke-width: 1.7; fill: none; stroke-linejoin: round; }
    .mark { fill: currentColor; stroke: var(--card); stroke-width: .6; }
    .band { fill: currentColor; fill-opacity: .16; stroke: none; }

    #samples .scroll, #specs .scroll { width: fit-content; max-width: 100%; }
    .faint { fill-opacity: .06; }

    .samples { width: auto; }
    .samples .swatch { display: block; margin-bottom: .15rem; }
    .samples tbody th { min-width: 9rem; max-width: 14rem; white-space: normal; overflow-wrap: break-word; }
    .samples img { display: block; width: 12rem; height: auto; image-rendering: pixelated; border-radius: .2rem; margin-bottom: .2rem; }
    details { margin-top: .9rem; }
    summary { cursor: pointer; color: var(--accent); font-size: .9rem; margin-bottom: .5rem; }

    @media (max-width: 40rem) {
      main { padding: 1.2rem .8rem 2rem; }
      h1 { font-size: 1.5rem; }
      section { margin-top: 1.8rem; }
      th, td { padding: .35rem .5rem; }
      .samples tbody th { min-width: 8.2rem; max-width: 8.5rem; font-size: .78rem; line-height: 1.35; }
      .samples img { width: 9.5rem; }
    }
    @media print {
      :root {
        --back: #fff; --card: #fff; --text: #000; --soft: #444; --rule: #bbb; --grid: #ddd; --warn: #000; --warnback: #eee;
        --s0: #0072b2; --s1: #d55e00; --s2: #00875f; --s3: #b0568c; --s4: #b07a00; --s5: #3a9bd0;
      }
      @page { margin: 14mm; }
      body { font-size: 10pt; }
      main { padding: 0; max-width: none; }
      section { margin-top: 1.4rem; }
      h2 { break-after: avoid; }
      tr, figure, img { break-inside: avoid; }
      .scroll { overflow: visible; border: 0; }
      table { font-size: 7pt; width: auto; }
      th, td { padding: .15rem .3rem; white-space: normal; overflow-wrap: break-word; }
      thead th { white-space: normal; overflow-wrap: anywhere; }
      .value, .path, small { font-size: 6.5pt; }
      .charts { grid-template-columns: repeat(2, 1fr); }
      .samples img { width: 7rem; }
      summary { color: inherit; }
      details::details-content { content-visibility: visible; display: block; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """
}
