-- The duties of the roles of docker-compose.yml. Add the people of yours here, or with psql; see sql/README.md.

select
    reimbursement.grant_duty('reimburse_worker', 'worker'),
    reimbursement.grant_duty('clerk', 'clerk'),
    reimbursement.grant_duty('approver', 'approver');
