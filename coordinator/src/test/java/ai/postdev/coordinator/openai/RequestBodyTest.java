package ai.postdev.coordinator.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who answers a request: the connection, also if the body came on a thread of the server's. */
class RequestBodyTest {
    private static final HttpResponse DONE = HttpResponse.create();

    private final ActorTestKit kit = ActorTestKit.create();
    private final RequestBody body = new RequestBody(OpenAiSettings.from(ConfigFactory.load()), kit.system());
    private final BlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
    private final Exchanges.Asker asker =
            new Exchanges.Asker(new CompletableFuture<Done>(), Materializer.matFromSystem(kit.system()), turns::add);

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private static CompletableFuture<Thread> answered(RequestBody body, HttpRequest request, Exchanges.Asker asker) {
        CompletableFuture<Thread> by = new CompletableFuture<>();
        body.answer(request, asker, "messages", json -> {
            assertEquals(1, json.get("a").getAsInt());
            by.complete(Thread.currentThread());
            return CompletableFuture.completedFuture(DONE);
        });
        return by;
    }

    @Test
    void aBodyThatCameWithItsHeadIsAnsweredAtOnce() {
        HttpRequest request = HttpRequest.POST("/").withEntity(ContentTypes.APPLICATION_JSON, "{\"a\": 1}");
        assertEquals(Thread.currentThread(), answered(body, request, asker).getNow(null));
        assertTrue(turns.isEmpty());
    }

    @Test
    void aBodyThatCameLaterIsAnsweredInTheTurnOfTheConnection() throws Exception {
        CompletableFuture<ByteString> rest = new CompletableFuture<>();
        HttpRequest request = HttpRequest.POST("/")
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_JSON,
                        Source.single(ByteString.fromString("{\"a\":")).concat(Source.completionStage(rest))));
        CompletableFuture<Thread> by = answered(body, request, asker);
        assertTrue(turns.isEmpty(), "it is not there yet");
        rest.complete(ByteString.fromString(" 1}"));
        Runnable turn = turns.poll(20, TimeUnit.SECONDS);
        assertFalse(by.isDone(), "not before it is the connection's turn");
        turn.run();
        assertEquals(Thread.currentThread(), by.getNow(null));
    }
}
