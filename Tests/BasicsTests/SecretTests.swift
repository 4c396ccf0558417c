import Basics
import Testing

@Suite struct SecretTests {
    @Test func `a secret never prints, however it is described`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: Optional(secret)), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.reveal() == "hunter2")
    }

    @Test func `untrusted text does not slip into another string`() {
        let title: UntrustedText = "<script>"
        #expect(!"\(title) \(String(reflecting: title))".contains("script"))
    }
}
