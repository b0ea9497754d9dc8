package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.List;

/** Parts of texts and lists, as Python cuts them. */
final class Slices {
    private Slices() {}

    static Object of(Object of, Object from, Object to, Object by, Budget budget) throws TemplateException {
        if (of instanceof Undefined undefined) {
            throw undefined.used();
        }
        int[] points = of instanceof String text ? text.codePoints().toArray() : new int[0];
        if (!(of instanceof String) && !(of instanceof List<?>)) {
            throw new TemplateException("no part can be taken of " + Values.kind(of));
        }
        long length = of instanceof List<?> list ? list.size() : points.length;
        budget.work(length);
        long step = by == null ? 1 : whole(by);
        if (step == 0) {
            throw new TemplateException("a slice with steps of 0");
        }
        long first = from == null ? (step > 0 ? 0 : length - 1) : within(whole(from), length, step);
        long end = to == null ? (step > 0 ? length : -1) : within(whole(to), length, step);
        StringBuilder text = new StringBuilder();
        List<Object> items = new ArrayList<>();
        for (long i = first; step > 0 ? i < end : i > end; i += step) {
            if (of instanceof List<?> list) {
                items.add(list.get((int) i));
            } else {
                text.appendCodePoint(points[(int) i]);
            }
        }
        return of instanceof String ? text.toString() : items;
    }

    private static long whole(Object value) throws TemplateException {
        if (value instanceof Long number) {
            return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        throw new TemplateException("a slice goes by " + Values.kind(value) + ", expected whole numbers");
    }

    private static long within(long place, long length, long step) {
        long at = place < 0 ? place + length : place;
        return step > 0 ? Math.clamp(at, 0, length) : Math.clamp(at, -1, length - 1);
    }
}
