package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A column of longs, however it keeps them. One writer. */
public sealed interface LongRows permits LongColumn, PackedColumn {
    /** Appends a value and returns its row. Writer only. */
    int append(long value);

    /** The value in a row. */
    long get(int row);

    /** How many rows there are. Writer only; readers keep the count of their view. */
    int size();

    /** Writes the rows. */
    default void write(DataOutput out) throws IOException {
        write(size(), out);
    }

    /** Writes the rows below a bound. Any thread whose view has them. */
    default void write(int rows, DataOutput out) throws IOException {
        out.writeInt(rows);
        for (int row = 0; row < rows; row++) {
            out.writeLong(get(row));
        }
    }

    /** Appends the rows that {@link #write} wrote. */
    default void read(DataInput in) throws IOException {
        int rows = in.readInt();
        for (int row = 0; row < rows; row++) {
            append(in.readLong());
        }
    }
}
