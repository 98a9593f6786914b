"""The axis: it takes packages in, keeps them, and hands them to their recipients (HTTP in the SDK's own form)."""
