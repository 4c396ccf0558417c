/// The style sheet and the script, in the binary: a page asks for nothing else.
enum Assets {
    static let styleSheet: StaticString = """
        :root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --page: #ffffff; --line: #d0d7de; --head: #f6f8fa;
          --good: #116329; --bad: #a40e26; --busy: #7a4b00; --link: #0550ae }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9198a1; --page: #0d1117; --line: #30363d; --head: #161b22;
          --good: #56d364; --bad: #ff7b72; --busy: #e3b341; --link: #79c0ff } }
        * { box-sizing: border-box }
        body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page) }
        header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline; padding: .75rem 1rem; background: var(--head);
          border-bottom: 1px solid var(--line) }
        nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem }
        a { color: var(--link) }
        nav a[aria-current] { font-weight: 600; color: var(--ink); text-decoration: none }
        #live { margin-left: auto; color: var(--dim) }
        .skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: .5rem; background: var(--page); padding: .25rem .5rem }
        main { max-width: 90rem; margin: 0 auto; padding: 1rem }
        h1 { font-size: 1.4rem; margin: .5rem 0 1rem } h2 { font-size: 1rem; margin: 0 0 .25rem }
        .groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem; margin-bottom: 1.5rem }
        section { border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 1rem }
        dt { color: var(--dim) } dd { margin: 0; overflow-wrap: anywhere }
        .scroll { overflow-x: auto; margin-bottom: 1.5rem; border: 1px solid var(--line); border-radius: 6px }
        table { border-collapse: collapse; width: 100% } caption { text-align: left; color: var(--dim); padding: .5rem .75rem }
        th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-top: 1px solid var(--line) }
        th { white-space: nowrap; background: var(--head); font-size: .85rem; color: var(--dim) } tbody tr:hover { background: var(--head) }
        td { overflow-wrap: anywhere; min-width: 5.5rem; max-width: 40rem } time { white-space: nowrap; font-variant-numeric: tabular-nums }
        td a { font-family: ui-monospace, monospace; font-size: .9em } form { display: grid; gap: .75rem; max-width: 34rem; margin: 1rem 0 }
        label { display: grid; gap: .25rem } button { justify-self: start; background: var(--head); font-weight: 600; cursor: pointer }
        input, button { font: inherit; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: 6px; color: var(--ink); background: var(--page) }
        pre { padding: .5rem .75rem; background: var(--head); overflow-x: auto } code { font-size: .85em } .empty { color: var(--dim) }
        .state { font-weight: 600; white-space: nowrap } .state::before { content: "\\25CF"; margin-right: .4em; font-size: .8em }
        .quiet::before { content: "\\25CB" } .busy::before { content: "\\25D0" } .bad::before { content: "\\25B2" }
        p.bad::before { content: none } .good { color: var(--good) } .bad { color: var(--bad) } .busy { color: var(--busy) } .quiet { color: var(--dim) }
        section dd { font-variant-numeric: tabular-nums; font-weight: 600; text-align: right }
        @media (max-width: 44rem) { thead { display: none } table, caption, tbody, tr, td { display: block } tr { border-top: 1px solid var(--line); padding: .4rem 0 }
          td { border: 0; padding: .1rem .75rem .1rem 8.5rem; min-height: 1.5em; position: relative; max-width: none } td:empty { display: none }
          td::before { content: attr(data-label); position: absolute; left: .75rem; color: var(--dim) } dl { grid-template-columns: 1fr } dt { margin-top: .4rem } }
        """

    /// Reloads the content when the server says that something changed. Without it a page is read as it was served.
    static let script: StaticString = """
        "use strict";
        const live = document.getElementById("live");
        const source = new EventSource("/api/v1/events");
        source.onopen = () => { live.textContent = "live"; };
        source.onerror = () => { live.textContent = "not connected"; };
        source.addEventListener("changed", async () => {
          const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
          if (!answer.ok) return;
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
          document.getElementById("content").replaceWith(fresh.getElementById("content"));
        });
        """
}
