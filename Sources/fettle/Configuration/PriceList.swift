import Basics
import LLM

/// The text of `FETTLE_LLM_PRICES`: `gpt-4.1*=2/8@2026-01-01,qwen=0/0@2026-01-01`.
enum PriceList {
    struct Unreadable: Error {
        let problem: String
    }

    static func read(_ text: String) throws(Unreadable) -> PriceTable {
        var prices: [PriceTable.Price] = []
        for entry in text.split(separator: ",") { prices.append(try price(entry.trimmingCharacters())) }
        return PriceTable(prices)
    }

    private static func price(_ entry: String) throws(Unreadable) -> PriceTable.Price {
        let unreadable = Unreadable(problem: "'\(entry)' is no price; write it as MODEL=IN/OUT@YYYY-MM-DD, in dollars for a million tokens")
        guard let equals = entry.lastIndex(of: "="), let at = entry.lastIndex(of: "@"), equals < at else { throw unreadable }
        let amounts = entry[entry.index(after: equals)..<at].split(separator: "/", omittingEmptySubsequences: false)
        let day = entry[entry.index(after: at)...]
        guard equals > entry.startIndex, amounts.count == 2, let input = USD(decimal: String(amounts[0])),
            let output = USD(decimal: String(amounts[1])), day.utf8.count == 10, let valid = Timestamp(iso8601: "\(day)T00:00:00Z")
        else { throw unreadable }
        return PriceTable.Price(model: String(entry[..<equals]), validFrom: valid, input: input, output: output)
    }
}

extension StringProtocol {
    /// Without blanks at either end.
    func trimmingCharacters() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
