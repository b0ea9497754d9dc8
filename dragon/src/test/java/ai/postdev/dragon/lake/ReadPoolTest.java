package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadPoolTest {
    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    @Test
    void beyondTheBoundReadsAreRefusedAndTheFiguresSayHowManyWait() throws InterruptedException {
        LakeSettings settings = LakeSettings.from(
                ConfigFactory.parseString("postdevai.lake { read-threads = 1, reads-pending-max = 2 }")
                        .withFallback(ConfigFactory.load()));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        TestProbe<Reply<Integer>> answers = kit.createTestProbe();
        try (ReadPool pool = new ReadPool(settings)) {
            assertEquals(new QueueFigures("reads", 0, 2, 0), pool.figures());
            pool.answer(answers.getRef(), () -> {
                begun.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new Reply.Answered<>(0);
            });
            begun.await();
            for (int i = 1; i <= 3; i++) {
                int number = i;
                pool.answer(answers.getRef(), () -> new Reply.Answered<>(number));
            }
            assertTrue(answers.receiveMessage() instanceof Reply.Refused<Integer>(Reply.Reason reason, String message)
                    && reason == Reply.Reason.OVERLOADED
                    && message.contains("reads-pending-max"));
            assertEquals(new QueueFigures("reads", 2, 2, 1), pool.figures());
            free.countDown();
            for (int i = 0; i < 3; i++) {
                assertEquals(new Reply.Answered<>(i), answers.receiveMessage());
            }
            assertEquals(new QueueFigures("reads", 0, 2, 1), pool.figures());
        }
    }
}
