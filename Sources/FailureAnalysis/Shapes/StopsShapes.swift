extension ErrorShape {
    /// Processes that did not end by themselves: signals, memory, time, sanitizers.
    /// Source: github.com/torvalds/linux (mm/oom_kill.c), man7.org signal(7); clang.llvm.org/docs/AddressSanitizer.html; valgrind.org/docs
    static let stops: [ErrorShape] = [
        ErrorShape(
            "stop.outOfMemory", .cause,
            #"""
            (?i)(?:\bout of memory\b|OutOfMemory|OOMKilled|cannot allocate memory|oom-kill|Java heap space|std::bad_alloc\#
            |^MemoryError\b|heap limit|Killed process \d+|memory exhausted|Allowed memory size of)
            """#,
            literals: [
                "out of memory", "outofmemory", "oomkilled", "cannot allocate memory", "oom-kill", "java heap space", "std::bad_alloc",
                "memoryerror", "heap limit", "killed process", "memory exhausted",
            ], .line, class: .outOfMemory,
            like: "FATAL ERROR: CALL_AND_RETRY_LAST Allocation failed - JavaScript heap out of memory"),
        ErrorShape(
            "stop.memorySize", .cause, #"Allowed memory size of \d+ bytes exhausted"#,
            literals: ["allowed memory size"], class: .outOfMemory,
            like: "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted"),
        ErrorShape(
            "stop.killed", .cause, #"(?:^|[\s:)])Killed(?:: 9)?\s*(?:$|\s+\S*(?:make|python|node|java|gcc|g\+\+|cc1))"#,
            literals: ["killed"], .line, class: .outOfMemory,
            like: "/bin/sh: line 1:  4821 Killed                  make -j8"),
        ErrorShape(
            "stop.signal", .cause,
            #"""
            (?i)(?:segmentation fault|\bsegfault|\bSIG(?:SEGV|ABRT|ILL|BUS|FPE)\b|core dumped|^bus error\#
            |illegal instruction|floating point exception|abort trap|terminated by signal|\(signal: \d+\#
            |Received signal \d|exit signal)
            """#,
            literals: [
                "segmentation fault", "segfault", "sigsegv", "sigabrt", "core dumped", "bus error", "illegal instruction",
                "floating point exception", "sigill", "sigbus", "abort trap", "aborted", "signal: ", "signal 11", "signal 6",
            ],
            like: "Segmentation fault (core dumped)"),
        ErrorShape(
            "stop.sanitizer", .cause,
            #"(?:==\d+==\s*ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|: runtime error: |SUMMARY: \w+Sanitizer)"#,
            literals: ["sanitizer:", "runtime error:", "sanitizer"], .section,
            like: "==4242==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010"),
        ErrorShape(
            "stop.valgrind", .cause,
            #"""
            ==\d+==\s+(?:Invalid (?:read|write|free)|.*definitely lost: [1-9]\#
            |Conditional jump or move depends on uninitialised|Use of uninitialised)
            """#,
            literals: ["==  invalid", "== invalid", "definitely lost", "uninitialised"],
            like: "==912== Invalid read of size 4"),
        ErrorShape(
            "stop.timeout", .cause,
            #"""
            (?i)(?:\btimed[ -]out\b|\btimeout (?:of|after|exceeded|error|waiting|expired)|TimeoutE(?:rror|xception)\#
            |deadline exceeded|exceeded (?:the )?(?:maximum )?(?:execution )?time|time limit exceeded|took too long\#
            |: timeout\b|No output has been received)
            """#,
            literals: [
                "timed out", "timeout", "deadline exceeded", "time limit", "took too long", "no output has been received",
                "has exceeded the maximum",
            ], class: .timeout,
            like: "Error: Timeout of 2000ms exceeded. For async tests and hooks, ensure \"done()\" is called"),
        ErrorShape(
            "stop.cancelled", .hint, #"(?i)(?:received a shutdown signal|operation was cancell?ed|(?:build|job|run) was cancell?ed)"#,
            literals: ["shutdown signal", "operation was canceled", "build was cancel", "was cancelled"], .line, class: .infrastructure,
            like: "The runner has received a shutdown signal."),
    ]
}
