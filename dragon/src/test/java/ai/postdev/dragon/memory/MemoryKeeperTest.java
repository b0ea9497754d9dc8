package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.op.ProjectId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryKeeperTest {
    private final ActorTestKit kit = ActorTestKit.create();
    private final AtomicLong resident = new AtomicLong(200);
    private final AtomicLong looks = new AtomicLong();
    private final AtomicLong trims = new AtomicLong();
    private final Memory memory = new Memory(
            new MemoryLedger(
                    new MemoryBudget(
                            1_000, Map.of(Share.VECTOR, 30, Share.CODE, 40, Share.HISTORY, 20, Share.METADATA, 10)),
                    Duration.ofMinutes(10)),
            RamDisk.ordinary(),
            () -> {
                looks.incrementAndGet();
                return new ProcessFigures(resident.get(), 0, 0, 0, 0, 200, 0, 0, 0, 0);
            },
            () -> System.nanoTime() / 1_000_000,
            () -> {
                trims.incrementAndGet();
                return 0;
            },
            Duration.ofSeconds(30),
            new DriftSettings(0.3, 0.05, Duration.ZERO, Duration.ofMillis(1)));

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    @Test
    void anAlarmIsOneLineHoweverLongItStandsAndAnotherOneOnlyAfterItEnded() {
        TestProbe<Object> probe = kit.createTestProbe();
        kit.spawn(MemoryKeeper.create(memory));
        for (int alarm = 0; alarm < 2; alarm++) {
            LoggingTestKit.warn("400 bytes are in RAM that nobody accounts for, 0.4 of the budget")
                    .withOccurrences(1)
                    .expect(kit.system(), () -> {
                        resident.set(600);
                        manyLooks(probe);
                        return null;
                    });
            resident.set(210);
            manyLooks(probe);
            assertEquals("calm", memory.drift().state());
        }
        assertEquals(2, memory.drift().alarms());
    }

    @Test
    void whatGrowsBesideTheStoresMakesThemGiveThoughNobodyAsksForRoom() {
        TestProbe<Object> probe = kit.createTestProbe();
        AtomicLong wanted = new AtomicLong();
        ProjectId project = new ProjectId("p1");
        memory.charge(project, Part.TEXTS, 100);
        memory.gives(project, Part.TEXTS, bytes -> {
            wanted.set(bytes);
            memory.charge(project, Part.TEXTS, 0);
            return bytes;
        });
        kit.spawn(MemoryKeeper.create(memory));
        manyLooks(probe);
        assertEquals(0, wanted.get());
        resident.set(1_150);
        manyLooks(probe);
        assertEquals(100, wanted.get());
        assertEquals(1, trims.get(), "the heap first, and not again for half a minute");
    }

    /** Long enough for a second line, if there were one. */
    private void manyLooks(TestProbe<Object> probe) {
        long enough = looks.get() + 10;
        probe.awaitAssert(() -> {
            if (looks.get() < enough) {
                throw new AssertionError("not looked yet");
            }
            return null;
        });
    }
}
