/// Words that stand in all programs and so tell nothing of what one is about. Lower case.
enum ReservedWords {
    static let all: Set<String> = Set(
        """
        abstract and as assert async author await bool boolean break byte case catch char class const continue def default del do double elif
        else end enum except export extends extension false final finally float fn for from func function fun guard if impl implements import
        in include init inout instanceof int interface internal is lambda let link long match mod module mut namespace new nil none not null
        object of open operator or override package param pass private protected protocol pub public raise record require return returns self
        short since static string struct super switch synchronized then this throw throws trait true try type typedef typename undefined union
        unless until use using val var version void volatile where while with yield see code
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    static func contains(_ name: String) -> Bool { all.contains(name.lowercased()) }
}
