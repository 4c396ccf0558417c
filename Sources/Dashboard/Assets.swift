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
        .scroll { overflow-x: auto; margin-bottom: 1.5rem } table { border-collapse: collapse; width: 100% }
        caption { text-align: left; color: var(--dim); padding: .25rem 0 }
        th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line) }
        td { overflow-wrap: anywhere; min-width: 4rem } th { white-space: nowrap } time { white-space: nowrap }
        code { font-size: .85em } .empty { color: var(--dim) }
        .state { font-weight: 600 } .good { color: var(--good) } .bad { color: var(--bad) } .busy { color: var(--busy) } .quiet { color: var(--dim) }
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
