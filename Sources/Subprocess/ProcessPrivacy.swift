import CLinux

package enum ProcessPrivacy {
    /// From now on other processes of the same user cannot read our environment and memory: `/proc/…/environ` and `ptrace` are refused to
    /// all but root. For servers that run other people's programs.
    ///
    /// Source: prctl(2), PR_SET_DUMPABLE
    package static func forbidLookingIn() { _ = clinux_forbid_looking_in() }
}
