package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.history.HistoryView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine takes another's place while operations come; the test says when folding runs. */
class StoreRenewTest {
    private final ActorTestKit kit = ActorTestKit.create();
    private final List<Operation> journal = new ArrayList<>();
    private final Queue<Runnable> folding = new ConcurrentLinkedQueue<>();
    private final TestProbe<Store.Applied<HistoryView>> shown = kit.createTestProbe();
    private ActorRef<Store.Command<HistoryView>> store;
    private long erased; // up to this sequence, from the journal

    private static StoreEngine<HistoryView> engine() {
        return new HistoryEngine(new HistorySettings(1_000, 100));
    }

    @BeforeEach
    void spawn() {
        store = kit.spawn(Store.create("history", StoreRenewTest::engine));
    }

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    private StoreEngine<HistoryView> fold() {
        StoreEngine<HistoryView> folded = engine();
        journal.stream().filter(operation -> operation.sequence() > erased).forEach(folded::apply);
        return folded;
    }

    private Operation write(Body body) {
        Operation operation = Seeded.operation(journal.size() + 1, journal.size() + 1, body);
        journal.add(operation);
        return operation;
    }

    private HistoryView apply(Body body) {
        store.tell(new Store.Apply<>(List.of(write(body)), shown.ref()));
        return shown.receiveMessage().view();
    }

    private static Body event(String text) {
        return new Body.AppendEvent("edit", 1, text, Map.of(), List.of());
    }

    @Test
    void whatComesMeanwhileIsThereOnceAndWhatWasDroppedIsGone() {
        apply(event("one"));
        apply(event("two"));
        HistoryView before = apply(new Body.DropEvents("edit", 3, Seeded.ORIGIN, List.of(1L)));
        assertEquals(3, before.retained().heldBytes());
        erased = 1;
        store.tell(new Store.Renew<>(this::fold, folding::add, 10, shown.ref()));
        apply(event("three"));
        folding.remove().run(); // reads what was written so far, and "four" before the store is told of it
        Operation four = write(event("four"));
        HistoryView renewed = shown.receiveMessage().view();
        assertEquals(2, renewed.count());
        assertEquals(0, renewed.retained().heldBytes());
        assertEquals(1, renewed.retained().dropped());
        store.tell(new Store.Apply<>(List.of(four), shown.ref()));
        assertEquals(3, shown.receiveMessage().view().count());
        assertEquals(1, before.count(), "a view never changes");
    }

    @Test
    void operationsThatComeAfterTheReadingAreFoldedInBeforeTheSwap() {
        apply(event("one"));
        store.tell(new Store.Renew<>(this::fold, folding::add, 10, shown.ref()));
        StoreEngine<HistoryView> early = fold();
        HistoryView two = apply(event("two"));
        assertEquals(2, two.count());
        store.tell(new Store.Renew<>(() -> early, folding::add, 10, shown.ref())); // one at a time: passed over
        assertEquals(3, apply(event("three")).count());
        assertEquals(1, folding.size());
        journal.subList(1, 3).clear(); // as if it had been read before they were written
        folding.remove().run();
        HistoryView renewed = shown.receiveMessage().view();
        assertEquals(3, renewed.count());
        assertNotSame(two, renewed);
    }

    @Test
    void allStaysAsItIsWhenTooMuchComesOrFoldingFails() {
        apply(event("one"));
        store.tell(new Store.Renew<>(this::fold, folding::add, 1, shown.ref()));
        apply(event("two"));
        HistoryView last = apply(event("three"));
        folding.remove().run();
        store.tell(new Store.Renew<>(
                () -> {
                    throw new IllegalStateException("the disk is away");
                },
                folding::add,
                10,
                shown.ref()));
        store.tell(new Store.Apply<>(List.of(), shown.ref()));
        assertSame(last, shown.receiveMessage().view());
        while (folding.isEmpty()) {
            Thread.onSpinWait();
        }
        folding.remove().run();
        store.tell(new Store.Apply<>(List.of(), shown.ref()));
        assertSame(last, shown.receiveMessage().view(), "nothing was put in its place");
        assertEquals(4, apply(event("four")).count());
    }
}
