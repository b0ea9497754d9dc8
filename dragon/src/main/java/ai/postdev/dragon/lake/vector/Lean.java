package ai.postdev.dragon.lake.vector;

/**
 * How far queries lean from a centre towards the vectors they are near to, as a share of the residual: the least squares
 * fit of what codes miss ({@code (q - c).e}) by what is known of it when a vector is encoded ({@code r.e}), over samples
 * that take the part of queries.
 */
final class Lean {
    private static final int QUERIES = 64;
    private static final int NEIGHBOURS = 3;

    private double known;
    private double both;

    private Lean() {}

    /** For vectors in lists: samples as queries, their nearest samples as vectors. */
    static double ofVectors(VectorKernel kernel, CodeBook book, float[] samples, Centres centres) {
        int length = 2 * book.parts();
        int count = samples.length / length;
        Lean lean = new Lean();
        TopK nearest = new TopK();
        int[] list = new int[VectorKernel.TILE_ROWS];
        float[] rows = new float[VectorKernel.TILE_ROWS * length];
        float[] query = new float[length];
        for (int i = 0; i < Math.min(QUERIES, count); i++) {
            int self = (int) ((long) i * count / Math.min(QUERIES, count));
            System.arraycopy(samples, self * length, query, 0, length);
            nearest.reset(NEIGHBOURS);
            for (int other = 0; other < count; other++) {
                float score = kernel.dot(samples, other * length, query, length);
                if (other != self && score > nearest.threshold()) {
                    nearest.offer(other, 0, score);
                }
            }
            for (int n = 0; n < nearest.held(); n++) {
                System.arraycopy(samples, nearest.ordinal(n) * length, rows, 0, length);
                centres.nearest(rows, list);
                float[] centre = centres.centre(list[0]);
                lean.add(book, query, rows, centre, centre);
            }
        }
        return lean.fit();
    }

    /** For centres: samples as queries, their nearest centres as vectors. */
    static double ofCentres(CodeBook book, float[] samples, Centres centres, float[] mean) {
        int length = 2 * book.parts();
        int count = samples.length / length;
        Lean lean = new Lean();
        int[] list = new int[VectorKernel.TILE_ROWS];
        float[] rows = new float[VectorKernel.TILE_ROWS * length];
        for (int i = 0; i < Math.min(4 * QUERIES, count); i++) {
            System.arraycopy(
                    samples, (int) ((long) i * count / Math.min(4 * QUERIES, count)) * length, rows, 0, length);
            centres.nearest(rows, list);
            lean.add(book, rows, centres.centre(list[0]), new float[length], mean);
        }
        return lean.fit();
    }

    private void add(CodeBook book, float[] query, float[] vector, float[] origin, float[] near) {
        int parts = book.parts();
        double missed = 0;
        double residual = 0;
        for (int part = 0; part < parts; part++) {
            float x = vector[part] - origin[part];
            float y = vector[parts + part] - origin[parts + part];
            int word = part * CodeKernel.WORDS + book.nearest(part, x, y);
            float ex = x - book.x[word];
            float ey = y - book.y[word];
            missed += (query[part] - near[part]) * ex + (query[parts + part] - near[parts + part]) * ey;
            residual += x * ex + y * ey;
        }
        known += residual * residual;
        both += residual * missed;
    }

    private double fit() {
        return known > 0 ? both / known : 0;
    }
}
