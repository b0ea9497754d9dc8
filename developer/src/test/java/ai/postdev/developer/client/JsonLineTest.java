package ai.postdev.developer.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.UpRequest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonLineTest {
    private static SearchRequest read(String line) throws ClientFault {
        SearchRequest.Builder request = SearchRequest.newBuilder().setMode("text");
        JsonLine.into(line, request);
        return request.build();
    }

    @Test
    void setsTheFieldsThatAreNamedAndNoOther() throws ClientFault {
        SearchRequest request = read(" { \"query\" : \"a \\\"b\\\"\\n\\u00e9\" , \"limit\":3 } ");
        assertEquals("a \"b\"\né", request.getQuery());
        assertEquals(3, request.getLimit());
        assertEquals("text", request.getMode());
        assertEquals("text", read("{}").getMode());
    }

    @Test
    void refusesWhatIsNoSuchObjectAndSaysWhere() {
        for (String line : List.of(
                "{",
                "{\"query\"}",
                "{\"query\":1}",
                "{\"limit\":\"3\"}",
                "{\"limit\":1.5}",
                "{\"query\":\"x}",
                "{\"query\":\"x\"} y",
                "{\"nothing\":\"x\"}",
                "{\"query\":\"\\q\"}",
                "{\"query\":\"\\u12\"}",
                "[]",
                "",
                "{\"query\":null}",
                "{\"limit\":99999999999}",
                "{\"query\":\"x\",}")) {
            ClientFault fault = assertThrows(ClientFault.class, () -> read(line), line);
            assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
            assertTrue(fault.getMessage().startsWith("column "), fault.getMessage());
        }
        assertThrows(ClientFault.class, () -> JsonLine.into("{\"paths\":\"x\"}", UpRequest.newBuilder()));
    }

    @Test
    void anyTextIsReadOrRefused() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dpostdevai.seed=" + seed + ")");
        Random random = new Random(seed);
        String letters = "{}[]\":,\\u0aq{\"query\":\"x\"tru1-";
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder line = new StringBuilder(random.nextBoolean() ? "{\"query\":\"" : "{\"limit\":");
            int length = random.nextInt(12);
            for (int i = 0; i < length; i++) {
                line.append(letters.charAt(random.nextInt(letters.length())));
            }
            line.append(random.nextBoolean() ? "\"}" : "}");
            try {
                read(line.toString());
                read++;
            } catch (ClientFault refused) {
                assertEquals(FaultCode.INVALID_ARGUMENT, refused.code());
            }
        }
        assertTrue(read > 100, "some lines should be right, found " + read);
    }
}
