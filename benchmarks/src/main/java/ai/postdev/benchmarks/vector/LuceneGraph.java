package ai.postdev.benchmarks.vector;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** Lucene's graph: 32-bit floats, 16 links, 200 candidates at build, one segment. */
final class LuceneGraph {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int[] CANDIDATES = {10, 14, 20, 28, 40, 56, 80};
    private static final int PASSES = 3;

    private LuceneGraph() {}

    static List<Row> measure(VectorData data) throws IOException {
        Path folder = Files.createTempDirectory("graph");
        try (Directory directory = new MMapDirectory(folder)) {
            long cpu = OwnIndex.processCpu();
            build(data, directory);
            double build = (OwnIndex.processCpu() - cpu) / 1e9;
            long bytes = 0;
            for (String file : directory.listAll()) {
                bytes += directory.fileLength(file);
            }
            List<Row> rows = new ArrayList<>();
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                for (int candidates : CANDIDATES) {
                    rows.add(row(data, searcher, candidates, build, bytes / (double) data.base().length));
                }
            }
            return rows;
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static void build(VectorData data, Directory directory) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig()
                .setRAMBufferSizeMB(1_900)
                .setCodec(new Lucene104Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return new Lucene99HnswVectorsFormat(16, 200);
                    }
                });
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (float[] vector : data.base()) {
                Document document = new Document();
                document.add(new KnnFloatVectorField("v", vector, VectorSimilarityFunction.DOT_PRODUCT));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    private static Row row(VectorData data, IndexSearcher searcher, int candidates, double build, double bytes)
            throws IOException {
        int[][] found = new int[data.queries().length][];
        double[] rates = new double[PASSES];
        for (int pass = 0; pass < PASSES; pass++) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (int q = 0; q < found.length; q++) {
                TopDocs top =
                        searcher.search(new KnnFloatVectorQuery("v", data.queries()[q], candidates), VectorData.K);
                found[q] = Arrays.stream(top.scoreDocs).mapToInt(hit -> hit.doc).toArray();
            }
            rates[pass] = found.length * 1e9 / (THREADS.getCurrentThreadCpuTime() - start);
        }
        Arrays.sort(rates);
        long[] nanos = new long[found.length];
        for (int q = 0; q < found.length; q++) {
            long start = THREADS.getCurrentThreadCpuTime();
            searcher.search(new KnnFloatVectorQuery("v", data.queries()[q], candidates), VectorData.K);
            nanos[q] = THREADS.getCurrentThreadCpuTime() - start;
        }
        return new Row(
                "Lucene",
                "candidates " + candidates,
                data.recall(found),
                rates[PASSES / 2],
                Row.p99(nanos),
                build,
                bytes);
    }
}
