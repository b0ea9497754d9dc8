package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.ngram.NgramView;
import ai.postdev.dragon.lake.code.ngram.Segment;
import ai.postdev.dragon.lake.code.ngram.SegmentBuilder;
import ai.postdev.dragon.lake.code.ngram.SegmentMerge;
import ai.postdev.dragon.lake.code.ngram.TextKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** A piece of work on the index of grams. Runs on any thread; may read the disk. */
sealed interface IndexWork {
    /** What came out; {@code refused} are texts that cannot be indexed and are looked through instead. */
    record Done(IndexWork work, Segment segment, List<Blob> refused) {
        public Done {
            refused = List.copyOf(refused);
        }
    }

    /** Does the work. */
    Done run();

    /**
     * Makes a segment of texts.
     *
     * @param files where the segment is kept too, if anywhere
     */
    record Build(List<Blob> blobs, Texts texts, Optional<GramFiles> files, CodeTables tables) implements IndexWork {
        public Build {
            blobs = List.copyOf(blobs);
        }

        @Override
        public Done run() {
            SegmentBuilder builder = new SegmentBuilder();
            List<Blob> refused = new ArrayList<>();
            for (Blob blob : blobs) {
                Optional<byte[]> text = texts.read(blob);
                if (text.isEmpty() || !builder.add(blob.number(), text.get())) {
                    refused.add(blob);
                }
            }
            Segment segment = builder.build();
            files.ifPresent(kept -> kept.keep(segment, List.of(), keys(tables)));
            return new Done(this, segment, refused);
        }
    }

    /** Makes one segment of several. */
    record Merge(SegmentMerge merge, Optional<GramFiles> files, CodeTables tables) implements IndexWork {
        @Override
        public Done run() {
            Segment segment = merge.run();
            files.ifPresent(kept -> kept.keep(segment, merge.segments(), keys(tables)));
            return new Done(this, segment, List.of());
        }
    }

    /**
     * Takes a segment from its file; none of its texts if one is not known or is in the index.
     *
     * @param index what is indexed while this work is under way
     */
    record Load(GramFiles files, Path file, CodeTables tables, NgramView index) implements IndexWork {
        private static final int NONE = -1;

        @Override
        public Done run() {
            return new Done(this, files.read(file, this::number), List.of());
        }

        private int number(TextKey key) {
            return tables.known(key.hash(), key.language())
                    .map(Blob::number)
                    .filter(number -> !index.holds(number))
                    .orElse(NONE);
        }
    }

    private static IntFunction<TextKey> keys(CodeTables tables) {
        return number -> {
            Blob blob = tables.numbered(number);
            return new TextKey(blob.hash(), blob.language());
        };
    }
}
