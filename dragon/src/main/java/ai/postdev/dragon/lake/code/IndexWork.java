package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.ngram.Segment;
import ai.postdev.dragon.lake.code.ngram.SegmentBuilder;
import ai.postdev.dragon.lake.code.ngram.SegmentMerge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** Makes a segment of texts. */
    record Build(List<Blob> blobs, Texts texts) implements IndexWork {
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
            return new Done(this, builder.build(), refused);
        }
    }

    /** Makes one segment of several. */
    record Merge(SegmentMerge merge) implements IndexWork {
        @Override
        public Done run() {
            return new Done(this, merge.run(), List.of());
        }
    }
}
