import Glibc
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

    @Test(arguments: [(EADDRINUSE, "stop what listens there"), (EADDRNOTAVAIL, "no interface of this machine"), (EACCES, "need a right")])
    func `an address that cannot be had names the setting and what to do`(code: Int32, remedy: String) {
        let fault = StartFault.explaining(.cannotListen(address: "192.0.2.1:80", code: code)) as? ConfigurationError
        #expect(fault?.description.contains("FETTLE_LISTEN: cannot listen on 192.0.2.1:80: ") == true)
        #expect(fault?.description.contains(remedy) == true)
    }
}
