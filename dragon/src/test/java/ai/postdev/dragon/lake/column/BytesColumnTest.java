package ai.postdev.dragon.lake.column;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.dragon.lake.Seeded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesColumnTest {
    private final Random random = Seeded.random("bytes column");

    private byte[] value() {
        byte[] value = new byte[random.nextInt(100) == 0 ? random.nextInt(1 << 21) : random.nextInt(2_000)];
        random.nextBytes(value);
        return random.nextInt(5) == 0 ? new byte[0] : value;
    }

    private void append(int count, List<byte[]> values, BytesColumn... columns) {
        for (int i = 0; i < count; i++) {
            byte[] value = value();
            values.add(value);
            for (BytesColumn column : columns) {
                column.append(value);
            }
        }
    }

    private static void check(List<byte[]> values, BytesColumn column) {
        assertEquals(values.size(), column.size());
        for (int row = 0; row < values.size(); row++) {
            assertArrayEquals(values.get(row), column.bytes(row), "row " + row);
        }
        assertEquals(values.stream().mapToLong(value -> value.length).sum(), column.contentBytes());
    }

    private static byte[] saved(BytesColumn column, int rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        column.save(rows, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    void aSnapshotHasTheSameRowsAndGoesOnAlike() throws IOException {
        for (int count : new int[] {0, 1, 5, 1_024, 1_500}) {
            BytesColumn column = new BytesColumn();
            List<byte[]> values = new ArrayList<>();
            append(count, values, column);
            byte[] then = saved(column, count);
            BytesColumn read = new BytesColumn();
            read.load(new DataInputStream(new ByteArrayInputStream(then)));
            check(values, read);
            append(1_100, values, column, read);
            check(values, column);
            check(values, read);
            assertArrayEquals(then, saved(column, count), "what there was at a moment, told later");
            assertArrayEquals(saved(column, column.size()), saved(read, read.size()));
        }
    }
}
