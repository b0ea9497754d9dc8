package ai.postdev.developer.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.Event;
import ai.postdev.v1.Hit;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.StatusAnswer;
import org.junit.jupiter.api.Test;

class ProtoJsonTest {
    @Test
    void aSearchAnswerIsTheContract() {
        SearchAnswer answer = SearchAnswer.newBuilder()
                .setQuery("retry")
                .setTookMs(1.5)
                .setComplete(true)
                .setMode("auto")
                .addAsOf(AsOf.newBuilder()
                        .setProject("p")
                        .setWorkspace("w")
                        .setCommit("c0ffee")
                        .setSequence(7))
                .addHits(Hit.newBuilder()
                        .setProject("p")
                        .setPath("src/A.java")
                        .setStartLine(3)
                        .setEndLine(9)
                        .setScore(0.25)
                        .addWhy("definition")
                        .setSnippet("a\n\tb"))
                .build();
        assertEquals(
                "{\"query\":\"retry\",\"tookMs\":1.5,\"complete\":true,\"missing\":[],"
                        + "\"asOf\":[{\"project\":\"p\",\"workspace\":\"w\",\"commit\":\"c0ffee\",\"sequence\":7,"
                        + "\"projectName\":\"\"}],"
                        + "\"hits\":[{\"project\":\"p\",\"path\":\"src/A.java\",\"startLine\":3,\"endLine\":9,"
                        + "\"score\":0.25,\"why\":[\"definition\"],\"snippet\":\"a\\n\\tb\",\"workspace\":\"\","
                        + "\"symbol\":\"\",\"language\":\"\",\"projectName\":\"\",\"similarity\":0.0}],\"mode\":\"auto\"}",
                ProtoJson.line(answer));
    }

    @Test
    void defaultValuesAreThereAtEveryDepth() {
        assertEquals(
                "{\"query\":\"\",\"tookMs\":0.0,\"complete\":false,\"missing\":[],\"asOf\":[],\"hits\":[],\"mode\":\"\"}",
                ProtoJson.line(SearchAnswer.getDefaultInstance()));
        String status = ProtoJson.line(StatusAnswer.getDefaultInstance());
        for (String field : new String[] {
            "\"node\":{\"pid\":0",
            "\"rssBytes\":0",
            "\"lake\":{\"operations\":0",
            "\"cluster\":{\"members\":[]",
            "\"endpoints\":{\"grpc\":\"\"",
            "\"apiKeyFile\":\"\""
        }) {
            assertTrue(status.contains(field), field + " in " + status);
        }
    }

    @Test
    void longNumbersAreNumbers() {
        assertTrue(ProtoJson.line(
                        RememberAnswer.newBuilder().setSequence(Long.MAX_VALUE).build())
                .contains("\"sequence\":9223372036854775807,"));
    }

    @Test
    void mapsAndNestedMessagesAreObjects() {
        RecallAnswer answer = RecallAnswer.newBuilder()
                .addEvents(Event.newBuilder()
                        .putAttributes("author", "Ada")
                        .addFollowedBy(Event.newBuilder().setKind("commit")))
                .build();
        String json = ProtoJson.line(answer);
        assertTrue(json.contains("\"attributes\":{\"author\":\"Ada\"},\"followedBy\":[{"), json);
    }

    @Test
    void messagesWithinEachOtherAreWrittenToABound() {
        Event event = Event.getDefaultInstance();
        for (int i = 0; i < ProtoJson.DEPTH_MAX; i++) {
            event = Event.newBuilder().addFollowedBy(event).build();
        }
        assertTrue(ProtoJson.line(event).contains("\"followedBy\":[]"));
        Event deeper = Event.newBuilder().addFollowedBy(event).build();
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> ProtoJson.line(deeper));
        assertTrue(refused.getMessage().contains("more than 100 deep"), refused.getMessage());
    }

    @Test
    void whatJsonCannotSayIsNull() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertTrue(ProtoJson.line(SearchAnswer.newBuilder().setTookMs(value).build())
                    .contains("\"tookMs\":null,"));
        }
    }

    @Test
    void escapesWhatTextMustNotHold() {
        StringBuilder out = new StringBuilder();
        ProtoJson.string("\"\\/\n\r\t\b\f\u0000\u001b\u007f\u2028é😀\ud800x\udc00", out);
        assertEquals("\"\\\"\\\\/\\n\\r\\t\\b\\f\\u0000\\u001b\\u007f\\u2028é😀\\ud800x\\udc00\"", out.toString());
    }

    @Test
    void aFaultIsAnErrorObject() {
        assertEquals(
                "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no \\\"x\\\"\"}}",
                ProtoJson.error(new ClientFault(FaultCode.NOT_FOUND, "no \"x\"")));
    }
}
