package ai.postdev.dragon.lake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "public final class Foo extends Bar { | Foo",
                "    private static <T> Map<String, T> readAll(Path path) { | readAll",
                "  public static final int ENTRIES_MAX = 4; | ENTRIES_MAX",
                "record Pair(int a, int b) {} | Pair",
                "def parse_header(line): | parse_header",
                "    async def fetch(self): | fetch",
                "func (s *Server) ServeHTTP(w http.ResponseWriter) { | ServeHTTP",
                "func main() { | main",
                "type Command struct { | Command",
                "pub(crate) fn route(self) -> Self { | route",
                "pub trait Handler<T, S>: Clone { | Handler",
                "macro_rules! impl_handler { | impl_handler",
                "res.send = function send(body) { | send",
                "exports.compile = (value) => { | compile",
                "export default class App { | App",
                "export const useThing = () => { | useThing",
                "interface Props { | Props",
                "TIMEOUT = 5 | TIMEOUT",
                "'    x = 5' | ",
                "if (x == 3) return; | ",
                "return function() { | ",
                "// class Foo | ",
                "'  x == function' | ",
                "type = 3 | type",
            })
    void seeTheNameThatALineDefines(String line, String name) {
        byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
        String found = Definitions.in(utf8, 0, utf8.length, 1).stream()
                .map(Definitions.Definition::name)
                .findFirst()
                .orElse(null);
        assertEquals(name, found);
    }
}
