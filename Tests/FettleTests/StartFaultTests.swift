import HTTP
import Storage
import Testing

@testable import fettle

@Suite struct StartFaultTests {
    @Test func `a database that is held, foreign or misplaced is the operator's to mend`() {
        let here = Configuration.DatabaseLocation.sqlite(path: "/no/such/folder/fettle.sqlite")
        for error in [
            DatabaseError.inUse(path: "x"), .damaged(path: "x", reason: "it belongs to another program"),
            .notWritable(reason: "No such file or directory"),
        ] {
            let fault = StartFault.explaining(error, here) as? ConfigurationError
            #expect(fault?.faults.first?.origin == "FETTLE_DATABASE", "\(error)")
        }
    }

    @Test func `a full disk and an absent server are outages`() throws {
        let path = "/dev/shm"
        #expect(StartFault.explaining(.notWritable(reason: "disk is full"), .sqlite(path: path + "/fettle.sqlite")) is DatabaseError)
        #expect(StartFault.explaining(.disconnected(reason: "refused"), .sqlite(path: "x")) is DatabaseError)
    }

    @Test func `a taken address names the setting and what to do`() {
        let fault = StartFault.explaining(.cannotListen(address: "127.0.0.1:80", reason: "Address already in use")) as? ConfigurationError
        #expect(
            fault?.description.contains("FETTLE_LISTEN: cannot listen on 127.0.0.1:80: Address already in use; stop what listens") == true)
    }
}
