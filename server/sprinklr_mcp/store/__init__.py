"""What must survive and be shared: tokens, lease, rate windows, approvals, operations, audit."""
