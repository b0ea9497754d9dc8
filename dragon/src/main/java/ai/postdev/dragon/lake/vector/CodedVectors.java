package ai.postdev.dragon.lake.vector;

import java.util.Arrays;

/** The vectors of a compact partition as their codes tell of them: the list's centre and signs of one size. Any thread, inside a visit. */
final class CodedVectors implements VectorRows.Codes {
    private final Partition partition;
    private final BitCodec codec;
    private final int length;

    /** Of a partition whose codes are one bit for each number. */
    CodedVectors(Partition partition, BitCodec codec) {
        this.partition = partition;
        this.codec = codec;
        this.length = Partition.codeLength(partition.rows().dimensions());
    }

    @Override
    public boolean read(int ordinal, float[] to) {
        float[] turned = new float[length];
        int place;
        do {
            place = partition.place(ordinal);
            int number = partition.list(ordinal);
            InvertedList list = number < 0 ? null : partition.directory().lists()[number];
            if (list == null) {
                return false;
            }
            System.arraycopy(list.centre, 0, turned, 0, length);
            int block = place >>> 6;
            codec.decode(
                    partition.store().segment(block),
                    partition.store().offset(block) + BlockStore.CODES,
                    place & 63,
                    turned);
        } while (partition.place(ordinal) != place); // it was moved within its list meanwhile
        if (partition.rotation() != null) {
            partition.rotation().undo(turned);
        }
        int dimensions = partition.rows().dimensions();
        System.arraycopy(turned, 0, to, 0, dimensions);
        Arrays.fill(to, dimensions, to.length, 0);
        return true;
    }
}
