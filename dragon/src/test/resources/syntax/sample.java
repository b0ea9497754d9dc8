package shop;

import java.util.List;
import static java.util.Objects.requireNonNull;

/** Keeps orders. */
@Deprecated
public class OrderBook<T extends Comparable<T>> extends Base implements Book {
    private static final int LIMIT = 10, MORE = 20;
    @Inject
    private List<T> orders;

    public OrderBook(List<T> orders) {
        this.orders = requireNonNull(orders);
    }

    @Override
    public <R> R find(
            String name) {
        class Local {}
        return null;
    }

    enum State {
        OPEN,
        CLOSED("x") {
            void hook() {}
        };

        State next() { return OPEN; }
    }

    record Line(String name, int count) {
        Line {
            count++;
        }
    }

    interface Visitor {
        int DEPTH = 3;
        void visit(Line line);
    }

    @interface Marked {
        String value() default "";
    }
}
