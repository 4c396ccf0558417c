import Generators
import Testing

@Suite struct ContainerFileTests {
    @Test func `port, user and health path are those of the last stage`() {
        let file = ContainerFile(
            parsing: Array(
                """
                FROM node:24 AS build
                EXPOSE 9999
                USER 1
                FROM node:24-slim
                # EXPOSE 1
                EXPOSE 3000/tcp 9090
                user 10001:10001
                HEALTHCHECK --interval=5s \\
                    CMD curl -fsS "http://localhost:3000/healthz?full=1" || exit 1

                """.utf8))
        #expect(file.port == 3000)
        #expect(file.user == 10001)
        #expect(file.health == "/healthz")
    }

    @Test(arguments: [
        "", "USER root", "USER 0", "USER app", "EXPOSE x", "EXPOSE 99999", "HEALTHCHECK NONE", "HEALTHCHECK CMD curl http://x", "\\",
        "FROM",
    ])
    func `what a file does not say in numbers is not known`(text: String) {
        let file = ContainerFile(parsing: Array(text.utf8))
        #expect(file.port == nil && file.user == nil && file.health == nil)
    }
}
