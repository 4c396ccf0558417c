"""Small projects, one a language: three sources, three tests that take a while, and how its runner writes a report."""

PYTHON = {
    "shop/__init__.py": "", "shop/money.py": "def add(a, b):\n    return a + b\n", "shop/basket.py": "def count(items):\n    return len(items)\n",
    "shop/rates.py": "def rate():\n    return 2\n",
    "tests/test_money.py": "import time\nfrom shop.money import add\n\n\ndef test_add():\n    time.sleep(0.3)\n    assert add(1, 2) == 3\n",
    "tests/test_basket.py": "import time\nimport pytest\nfrom shop.basket import count\n\n@pytest.mark.parametrize('n', [0, 2])\ndef test_count(n):\n    time.sleep(0.3)\n    assert count(range(n)) == n\n",
    "tests/test_rates.py": "import time\nfrom shop.rates import rate\n\nclass TestRate:\n    def test_rate(self):\n        time.sleep(0.3)\n        assert rate() == 2\n",
}
JAVASCRIPT = {
    "package.json": '{"type": "module", "scripts": {"test": "node --test"}}\n', "lib/money-box.js": "export const add = (a, b) => a + b;\n",
    "lib/basket.js": "export const count = (items) => items.length;\n", "lib/rates.js": "export const rate = () => 2;\n",
    "test/money-box.test.js": "import test from 'node:test';\nimport assert from 'node:assert';\nimport { setTimeout as pause } from 'node:timers/promises';\nimport { add } from '../lib/money-box.js';\ntest('adds amounts', async () => { await pause(300); assert.equal(add(1, 2), 3); });\n",
    "test/basket.test.js": "import { describe, it } from 'node:test';\nimport assert from 'node:assert';\nimport { setTimeout as pause } from 'node:timers/promises';\nimport { count } from '../lib/basket.js';\ndescribe('a basket', () => { it('counts its items', async () => { await pause(300); assert.equal(count([1]), 1); }); });\n",
    "test/rates.test.js": "import test from 'node:test';\nimport assert from 'node:assert';\nimport { setTimeout as pause } from 'node:timers/promises';\nimport { rate } from '../lib/rates.js';\ntest('has a rate', async () => { await pause(300); assert.equal(rate(), 2); });\n",
}
GO = {
    "go.mod": "module example.org/shop\n\ngo 1.19\n", "money/money.go": "package money\n\nfunc Add(a, b int) int { return a + b }\n",
    "basket/basket.go": "package basket\n\nfunc Count(items []int) int { return len(items) }\n", "rates/rates.go": "package rates\n\nfunc Rate() int { return 2 }\n",
    "money/money_test.go": "package money\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestAdd(t *testing.T) {\n\ttime.Sleep(300 * time.Millisecond)\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal()\n\t}\n}\n",
    "basket/basket_test.go": "package basket\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestCount(t *testing.T) {\n\ttime.Sleep(300 * time.Millisecond)\n\tif Count(nil) != 0 {\n\t\tt.Fatal()\n\t}\n}\n",
    "rates/rates_test.go": "package rates\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestRate(t *testing.T) {\n\ttime.Sleep(300 * time.Millisecond)\n\tt.Run(\"a case\", func(t *testing.T) {\n\t\tif Rate() != 2 {\n\t\t\tt.Fatal()\n\t\t}\n\t})\n}\n",
}
SWIFT = {
    "Package.swift": "// swift-tools-version:6.0\nimport PackageDescription\nlet package = Package(name: \"Shop\", targets: [.target(name: \"Shop\"), .testTarget(name: \"ShopTests\", dependencies: [\"Shop\"])])\n",
    "Sources/Shop/Money.swift": "public func addAmounts(_ a: Int, _ b: Int) -> Int { a + b }\n", "Sources/Shop/Basket.swift": "public struct Basket {\n    public init() {}\n    public var count: Int { 0 }\n}\n",
    "Sources/Shop/Rates.swift": "public func currentRate() -> Int { 2 }\n",
    "Tests/ShopTests/MoneyTests.swift": "import Testing\nimport Shop\n\n@Suite struct MoneyTests {\n    @Test func adds() async throws { try await Task.sleep(for: .seconds(0.3)); #expect(addAmounts(1, 2) == 3) }\n}\n",
    "Tests/ShopTests/BasketTests.swift": "import Testing\nimport Shop\n\n@Suite struct BasketTests {\n    @Test func counts() async throws { try await Task.sleep(for: .seconds(0.3)); #expect(Basket().count == 0) }\n}\n",
    "Tests/ShopTests/RatesTests.swift": "import Testing\nimport Shop\n\n@Suite struct RatesTests {\n    @Test(arguments: [1, 2]) func rate(n: Int) async throws { try await Task.sleep(for: .seconds(0.3)); #expect(currentRate() == 2) }\n}\n",
}

#: name, program it needs, files, command that writes the report, report files, (source, line, its fault), test expected first, what may not run
PROJECTS = [
    ("python", "pytest", PYTHON, "python3 -m pytest -q -p no:cacheprovider --junitxml={report}", ["{report}"], ("shop/money.py", "a + b", "a - b"), "tests/test_money.py", ["test_basket", "test_rates"]),
    ("javascript", "node", JAVASCRIPT, "node --test --test-reporter=junit --test-reporter-destination={report}", ["{report}"], ("lib/money-box.js", "a + b", "a - b"), "test/money-box.test.js", ["counts its items", "has a rate"]),
    ("go", "go", GO, "go test -json ./... > {report}", ["{report}"], ("money/money.go", "a + b", "a - b"), "money/money_test.go", ["shop/basket", "shop/rates"]),
    ("swift", "swift", SWIFT, "swift test --xunit-output {report}", ["{report}", "{swift_report}"], ("Sources/Shop/Money.swift", "a + b", "a - b"), "Tests/ShopTests/MoneyTests.swift", ["BasketTests", "RatesTests"]),
]
