package ai.postdev.dragon.disk;

import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;

/** Cuts the power at many moments of one recording, in order, and asks each time whether what is left will do. */
public final class PowerCuts {
    private PowerCuts() {}

    /** What wants to know. */
    public interface Witness {
        /** The process noted this before the next cut. */
        void marked(String text);

        /** The power went: {@code image} is on the disk. {@code cut} says where and how, for a message. */
        void cut(DiskImage image, Cut cut) throws IOException;
    }

    /**
     * Where and how the power was cut.
     *
     * @param after how many events of the recording
     * @param of all its events
     * @param seed of what is lost
     */
    public record Cut(int after, int of, ModelDisk.Losses losses, long seed) {
        @Override
        public String toString() {
            return "power cut after event " + after + " of " + of + ", losses " + losses + ", seed " + seed;
        }
    }

    /**
     * Makes {@code count} cuts: half of them anywhere, half beside a note, a sync or a change of names; half with losses in
     * order, half in any order.
     */
    public static void each(Recording recording, ModelDisk.Lie lie, int count, Random random, Witness witness)
            throws IOException {
        int all = recording.events().size();
        int[] edges = recording.edges();
        int[] places = IntStream.range(0, count)
                .map(i -> i % 2 == 0 || edges.length == 0
                        ? random.nextInt(all + 1)
                        : Math.min(all, edges[random.nextInt(edges.length)] + random.nextInt(3)))
                .sorted()
                .toArray();
        ModelDisk disk = recording.disk(lie);
        int done = 0;
        for (int i = 0; i < count; i++) {
            for (; done < places[i]; done++) {
                DiskEvent event = recording.events().get(done);
                disk.apply(event);
                if (event instanceof DiskEvent.Marked marked) {
                    witness.marked(marked.text());
                }
            }
            ModelDisk.Losses losses = random.nextBoolean() ? ModelDisk.Losses.IN_ORDER : ModelDisk.Losses.IN_ANY_ORDER;
            Cut cut = new Cut(done, all, losses, random.nextLong());
            witness.cut(disk.cut(losses, new Random(cut.seed())), cut);
        }
    }

    /** What one cut leaves, anywhere, with losses in order. */
    public static DiskImage one(Recording recording, Random random) {
        ModelDisk disk = recording.disk(ModelDisk.Lie.NONE);
        recording
                .events()
                .subList(0, random.nextInt(recording.events().size() + 1))
                .forEach(disk::apply);
        return disk.cut(ModelDisk.Losses.IN_ORDER, random);
    }
}
