package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.ReplayVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Turns what a journal replays into lines: before the first operation that refers to a text stands the text. Fails with
 * {@link UncheckedIOException} where the journal or the taker fails. One thread.
 */
public final class OperationLines implements ReplayVisitor {
    private final Journal journal;
    private final Taker taker;
    private final SeenTexts seen = new SeenTexts();

    /** Takes lines that belong together: an operation, with its text before it if it is the first to refer to it. */
    public interface Taker {
        /** One operation, with its text before it. */
        void take(List<Line> lines) throws IOException;
    }

    /** @param journal that is replayed */
    public OperationLines(Journal journal, Taker taker) {
        this.journal = journal;
        this.taker = taker;
    }

    @Override
    public void operation(Operation operation) {
        try {
            Line change = new Line.Change(operation);
            if (operation.body() instanceof Body.PutDocument put && seen.add(put.hash())) {
                Optional<byte[]> bytes = journal.blob(put.hash());
                Line text = bytes.isPresent() ? new Line.Text(put.hash(), bytes.get()) : new Line.LostText(put.hash());
                taker.take(List.of(text, change));
            } else {
                taker.take(List.of(change));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void dropped(Origin origin, long sequence, long digest) {
        try {
            taker.take(List.of(new Line.Dropped(origin, sequence, digest)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void lost(Origin origin, long sequence, String why) {
        try {
            taker.take(List.of(new Line.Lost(origin, sequence, why)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
