package ai.postdev.system;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Looks for texts in everything that a home holds, whatever form it is kept in: every file byte by byte, every
 * compressed frame in any file unpacked, every row of the journal, every term and stored field of the text index, and
 * the content of snapshots without the frames around their blocks. The node must not run.
 */
final class HomeScan {
    private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    private static final int SNAPSHOT = 0x50445653;
    private static final int FRAME_MAX = 64 << 20;

    private final Needles needles;
    private final Map<String, Set<String>> found = new TreeMap<>();
    private long bytes;

    HomeScan(Needles needles) {
        this.needles = needles;
    }

    /** Owner of a text to the places where it was found. */
    Map<String, Set<String>> found() {
        return found;
    }

    /** Bytes looked at, unpacked ones included. */
    long bytes() {
        return bytes;
    }

    void scan(Path home) throws IOException, RocksDBException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(home)) {
            files = walk.toList();
        }
        for (Path path : files) {
            String place = home.relativize(path).toString();
            look(place.getBytes(StandardCharsets.UTF_8), "name of " + place);
            if (Files.isRegularFile(path) && !place.contains("native")) {
                raw(Files.readAllBytes(path), place);
            }
            if (Files.exists(path.resolve("CURRENT"))) {
                journal(path, place);
            }
            if (path.getFileName().toString().startsWith("segments_")) {
                index(path.getParent(), place);
            }
        }
    }

    void look(byte[] content, String place) {
        bytes += content.length;
        for (String owner : needles.in(content)) {
            found.computeIfAbsent(owner, _ -> new TreeSet<>()).add(place);
        }
    }

    private void raw(byte[] content, String place) throws IOException {
        look(content, place);
        unpack(content, place);
        if (content.length > 4 && ByteBuffer.wrap(content).getInt() == SNAPSHOT) {
            look(unframed(content), place + " unframed");
        }
    }

    /** Frames may lie anywhere: in the log a text is a part of a record, in a sorted file a whole block is one. */
    private void unpack(byte[] content, String place) {
        for (int i = 0; i + ZSTD.length < content.length; i++) {
            if (content[i] == ZSTD[0]
                    && content[i + 1] == ZSTD[1]
                    && content[i + 2] == ZSTD[2]
                    && content[i + 3] == ZSTD[3]) {
                byte[] text = frame(content, i);
                look(text, place + " unpacked");
                unpack(text, place + " unpacked");
            }
        }
    }

    /** What a frame holds; as much of it as can be read, for the log cuts records into pieces. */
    private static byte[] frame(byte[] content, int from) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(content, from, content.length - from))) {
            in.setContinuous(false);
            byte[] block = new byte[1 << 14];
            for (int n = in.read(block); n > 0 && text.size() < FRAME_MAX; n = in.read(block)) {
                text.write(block, 0, n);
            }
        } catch (IOException _) {
            // The end of the frame, or bytes that only looked like its beginning: what was read counts.
            return text.toByteArray();
        }
        return text.toByteArray();
    }

    /** Magic word, name and version of the store, then blocks with length and checksum, until a length of zero. */
    private static byte[] unframed(byte[] content) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(content);
        in.getInt();
        in.position(in.position() + 2 + in.getShort(in.position()));
        in.getInt();
        for (int length = in.getInt(); length > 0; length = in.getInt()) {
            in.getInt();
            text.write(content, in.position(), length);
            in.position(in.position() + length);
        }
        return text.toByteArray();
    }

    private void journal(Path database, String place) throws RocksDBException {
        RocksDB.loadLibrary();
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        try (Options options = new Options();
                DBOptions dbOptions = new DBOptions()) {
            for (byte[] family : RocksDB.listColumnFamilies(options, database.toString())) {
                families.add(new ColumnFamilyDescriptor(family));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            try (RocksDB db = RocksDB.openReadOnly(dbOptions, database.toString(), families, handles)) {
                for (ColumnFamilyHandle handle : handles) {
                    String family = place + ", family " + new String(handle.getName(), StandardCharsets.UTF_8);
                    try (RocksIterator row = db.newIterator(handle)) {
                        for (row.seekToFirst(); row.isValid(); row.next()) {
                            look(row.key(), family + ", a key");
                            look(row.value(), family);
                            unpack(row.value(), family);
                        }
                        row.status();
                    }
                    handle.close();
                }
            }
        }
    }

    private void index(Path folder, String place) throws IOException {
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
            for (LeafReaderContext leaf : reader.leaves()) {
                LeafReader segment = leaf.reader();
                for (FieldInfo field : segment.getFieldInfos()) {
                    Terms terms = segment.terms(field.name);
                    if (terms != null) {
                        TermsEnum each = terms.iterator();
                        for (BytesRef term = each.next(); term != null; term = each.next()) {
                            look(term.utf8ToString().getBytes(StandardCharsets.UTF_8), place + ", terms " + field.name);
                        }
                    }
                }
                for (int document = 0; document < segment.maxDoc(); document++) {
                    look(
                            segment.storedFields().document(document).toString().getBytes(StandardCharsets.UTF_8),
                            place + ", stored fields");
                }
            }
        }
    }
}
